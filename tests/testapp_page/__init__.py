"""A new kind of page: its model, view, URL, templates and admin, and nothing anywhere else.

tests/test_page_contract.py installs it and finds its pages wherever pages are found.
"""
