from django.dispatch import Signal

clean_up = Signal()
"""Sent by `manage.py clean_up`. A receiver deletes what its room need not keep any longer, and
returns in words what that was, with its number. Nothing to delete is no error."""
