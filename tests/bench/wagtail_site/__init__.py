"""A site of articles with Wagtail as its documentation sets it up, to measure beside this one.

It is started by bench_page_store.py with an environment of its own, in which Wagtail is installed.
"""
