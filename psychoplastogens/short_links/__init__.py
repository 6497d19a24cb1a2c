"""Short links that never change, their QR codes, and how often each was opened on a day."""
