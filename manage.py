#!/usr/bin/env python3
"""The door to every command: `python3 manage.py serve`, `python3 manage.py test`, and Django's."""

import sys

# Kept readable for any Python 3, so that an old one can say what is wrong with it.
if sys.version_info < (3, 11):
    sys.exit(
        "This needs Python 3.11 or newer, and this is Python %d.%d (%s).\n"
        "Start it with a newer one, for example: python3.11 manage.py serve"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

from psychoplastogens import bootstrap

if __name__ == "__main__":
    bootstrap.main(sys.argv)
