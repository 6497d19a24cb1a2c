from django.dispatch import Signal

clean_up = Signal()
"""Sent by `manage.py clean_up`. A receiver deletes data that its app no longer needs and returns
a description with the count: "sessions that are over: 3"."""
