"""Who may show our pages in a frame: nobody, but for the pages that are made for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.views.decorators.clickjacking import xframe_options_exempt


def policy(**changed: list[str]) -> str:
    """The Content-Security-Policy of our pages, with some directives `changed` (a_b for a-b)."""
    directives = settings.SECURE_CSP | {
        name.replace("_", "-"): values for name, values in changed.items()
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def in_any_frame(view: Callable) -> Callable:
    """Decorator: any site may show this page in a frame, a sandboxed one too."""

    @xframe_options_exempt
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Content-Security-Policy"] = policy(frame_ancestors=["*"], script_src=["'none'"])
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return wrapped
