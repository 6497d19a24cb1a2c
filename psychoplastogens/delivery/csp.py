"""The Content-Security-Policy, and the pages that other sites may show in a frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.views.decorators.clickjacking import xframe_options_exempt


def build_csp(**changed: list[str]) -> str:
    """The Content-Security-Policy header, with some directives `changed` (a_b stands for a-b)."""
    directives = settings.SECURE_CSP | {
        name.replace("_", "-"): values for name, values in changed.items()
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def allow_framing_anywhere(view: Callable) -> Callable:
    """Decorator: any site may show this page in a frame, even a sandboxed one."""

    @xframe_options_exempt
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Content-Security-Policy"] = build_csp(
            frame_ancestors=["*"], script_src=["'none'"]
        )
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return wrapped
