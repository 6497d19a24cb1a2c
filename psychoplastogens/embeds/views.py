from functools import wraps

from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from psychoplastogens.delivery.csp import allow_framing_anywhere
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.exceptions import PageGone
from psychoplastogens.editorial.shortcuts import get_published_page
from psychoplastogens.embeds import frames, oembed


def show_withdrawal_reason(view):
    """Readers of a clinic's site are told why, where they would see an empty frame otherwise."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except PageGone as gone:
            return render_frame(
                request, "embeds/withdrawn_frame.html", {"reason": gone.reason}, status=410
            )

    return wrapped


def build_frame_view(model):
    """The view of the frames of `model`."""

    @public_page()
    @allow_framing_anywhere
    @show_withdrawal_reason
    def page_frame(request, slug, **part_slug):
        page = get_published_page(model, slug, **part_slug)
        context = page.get_frame_context() | {
            "frame": frames.Frame(page),
            "frame_prefix": frames.FRAME_PREFIX,
            "record": page.owner,
        }
        return render_frame(request, "embeds/frame.html", context)

    return page_frame


def render_frame(request, template, context, status=200):
    html = render_to_string(template, context, request)
    return noindex(HttpResponse(frames.make_self_contained(html), status=status))


def render_plain_text(status, words):
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


@public_page("url", "format", "maxwidth", "maxheight")
def oembed_answer(request):
    """oEmbed 1.0. 400 without an address or with a bad size, 404, 501 for other formats."""
    address, form = request.GET.get("url", ""), request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return render_plain_text(501, "This format is not offered. There are: json, xml.")
    if not address:
        return render_plain_text(400, "Name a page of this site: ?url=https://…")
    try:
        frame = frames.find_frame_by_url(address)
    except (PageGone, Http404):
        frame = None
    if not frame:
        return render_plain_text(404, "No page of this site that can be framed has this address.")
    try:
        width = oembed.parse_max_pixels(request.GET.get("maxwidth", ""), frame.width, "maxwidth")
        height = oembed.parse_max_pixels(
            request.GET.get("maxheight", ""), frame.height, "maxheight"
        )
    except oembed.InvalidSizeError as error:
        return render_plain_text(400, error)
    found = oembed.build_oembed_data(frame, width, height)
    if form == "xml":
        response = HttpResponse(oembed.to_xml(found), content_type="text/xml; charset=utf-8")
    else:
        response = JsonResponse(found)
    response["Access-Control-Allow-Origin"] = "*"
    return response
