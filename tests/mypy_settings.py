"""The settings for mypy's plugin: with a key of their own, so that none is written to disk."""

import os

os.environ.setdefault("SECRET_KEY", "never used")

from psychoplastogens.settings import *  # noqa: E402, F403
