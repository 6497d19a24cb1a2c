"""An error page that depends on nothing: no template, no static manifest, no database.

It is used when the site is broken, and for requests refused before Django sees them. Readers may
have come for help, so it lists the crisis lines. It links the stylesheet by its unhashed name and
reads well without it.
"""

from __future__ import annotations

from html import escape

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from psychoplastogens.delivery import crisis_lines
from psychoplastogens.delivery.csp import build_csp

TITLE_BY_STATUS = {
    400: "We could not read that",
    408: "That took too long to arrive",
    413: "That was too much at once",
    500: "Something broke on our side",
    503: "We cannot answer right now",
}
SERVER_ERROR_MESSAGE = "It is not you. Please try again in a minute."
NOT_SAVED_MESSAGE = (
    "Nothing was saved. Your browser’s Back button most likely still has what you typed."
)
PAGE_HTML = """\
<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<title>{title} – {site}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="{static}base.css">
</head>
<body>
<main id="main" class="wrap">
<div class="flow measure">
<h1>{title}</h1>
<p class="lead">{why}</p>
<h2>If you came here for help now</h2>
{lines}
<h2>Go on from here</h2>
<form action="/search/" role="search"><label for="lost-q">Search {site}</label>
<input type="search" id="lost-q" name="q"> <button type="submit">Search</button></form>
<p><a href="/">Home</a> · <a href="/help/">More help</a></p>
</div>
</main>
</body>
</html>
"""
CRISIS_LINE_HTML = (
    '<p><a class="tel" href="{address}">{action}</a><br><span class="small">{about}</span></p>'
)


def render_error_page(status: int, why: str) -> str:
    """The page for `status` with `why` as its sentence: plain text, not HTML."""
    country = crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY]
    lines = [
        CRISIS_LINE_HTML.format(
            address=escape(line.address), action=escape(line.action), about=escape(line.about)
        )
        for line in country.lines
    ]
    return PAGE_HTML.format(
        title=TITLE_BY_STATUS[status],
        why=escape(why),
        site=escape(settings.SITE_NAME),
        static=escape(settings.STATIC_URL),
        lines="\n".join(lines),
    )


def build_error_response(error: BaseException | None, request: HttpRequest) -> HttpResponse:
    """The response for an unhandled `error`: 503 if the database was busy or away, else 500."""
    status = 503 if isinstance(error, OperationalError) else 500
    why = (
        SERVER_ERROR_MESSAGE
        if request.method in ("GET", "HEAD")
        else f"{SERVER_ERROR_MESSAGE} {NOT_SAVED_MESSAGE}"
    )
    response = HttpResponse(render_error_page(status, why), status=status)
    if status == 503:
        response["Retry-After"] = "60"
    return response


def get_error_headers() -> dict[str, str]:
    """The headers that middleware adds to every response, for one that bypasses middleware."""
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Security-Policy": build_csp(),
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": settings.PERMISSIONS_POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }
