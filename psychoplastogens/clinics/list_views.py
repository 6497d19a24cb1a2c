"""Lists that anybody makes at /clinics/ and hands out. What is chosen is in the address alone."""

from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from psychoplastogens.clinics import handing_out
from psychoplastogens.clinics.copies import HandOut
from psychoplastogens.clinics.doors import find_list
from psychoplastogens.clinics.embedding.oembed import example
from psychoplastogens.clinics.lists import MOST, Pages, chosen, in_address, withdrawn
from psychoplastogens.clinics.models.pack import minutes_of
from psychoplastogens.clinics.ready import ready_lists
from psychoplastogens.delivery.addresses import public, unlisted
from psychoplastogens.delivery.limits import LISTS, count, limited

# `list` is a list in its order; `was` the same before the ticks `p`, `up` and `drop` came to it.
ASKED = ("list", "was", "p", "up", "drop")

# The names of HL7's code systems (OIDs), as a record system sends them.
CODE_SYSTEMS = (
    ("2.16.840.1.113883.6.90", "ICD-10-CM"),
    ("2.16.840.1.113883.6.96", "SNOMED CT"),
    ("2.16.840.1.113883.6.88", "RxNorm"),
    ("2.16.840.1.113883.6.69", "NDC"),
)


def asked_for(request, pages):
    """The list that a builder's address or form asks for."""
    if "list" in request.GET:
        return chosen(pages, in_address(request.GET["list"]))
    ticked = request.GET.getlist("p")
    before = [code for code in in_address(request.GET.get("was", "")) if code in ticked]
    codes = list(dict.fromkeys([*before, *ticked]))
    up, drop = request.GET.get("up"), request.GET.get("drop")
    if up in codes[1:]:
        at = codes.index(up)
        codes[at - 1 : at + 1] = up, codes[at - 1]
    return chosen(pages, [code for code in codes if code != drop])


def address_of(made):
    query = f"?list={made.codes}" if made.pages else ""
    return reverse("clinics:builder") + query


def described(made):
    """A list with what is said of it."""
    items = made.items
    return {
        "made": made,
        "lines": list(zip(made.pages, items, strict=True)),
        "minutes": minutes_of(items),
        "most": MOST,
    }


def shelves(pages, made):
    """All that can be ticked, as it stands on the page, and what is ticked."""
    of_kind = {kind: list(group) for kind, group in groupby(pages.all, attrgetter("kind"))}
    sections, questions = of_kind.get("section", []), of_kind.get("faq", [])
    ticked = {page.code for page in made.pages}

    def fold(name, held):
        return name, held, any(page.code in ticked for page in held)

    guides = [
        fold(guide, [section for section in sections if section.group == guide.key])
        for guide in of_kind.get("explainer", [])
    ]
    topics = groupby(questions, attrgetter("group"))
    return {
        "of_kind": of_kind,
        "guides": guides,
        "topics": [fold(topic, list(group)) for topic, group in topics],
        "ticked": ticked,
        "ready_lists": ready_lists(pages),
    }


def of_one_reader(response):
    """Nobody else asks for this list just now: compressed quickly, and not kept compressed."""
    response.is_of_this_moment = True
    return response


@public(*ASKED)
def builder(request):
    if request.GET:
        count(LISTS, request)
    pages = Pages()
    made = asked_for(request, pages)
    if request.GET.keys() - {"list"}:
        return HttpResponseRedirect(address_of(made))
    response = render(request, "clinics/builder.html", described(made) | shelves(pages, made))
    return of_one_reader(response) if made.pages else response


@public(*ASKED)
@limited(LISTS)
def builder_fragment(request):
    pages = Pages()
    made = asked_for(request, pages)
    context = described(made) | {"dropped": pages.coded([request.GET.get("drop")])}
    response = render(request, "clinics/_chosen_results.html", context)
    response["HX-Replace-Url"] = address_of(made)
    return of_one_reader(unlisted(response))


@public(*ASKED)
@limited(LISTS)
def builder_done(request):
    """From what was ticked to the page with its link and copies, where there is anything."""
    pages = Pages()
    made = asked_for(request, pages)
    if made.pages:
        return HttpResponseRedirect(made.get_absolute_url() + "hand-out/")
    context = described(made) | shelves(pages, made) | {"nothing_ticked": True}
    return unlisted(render(request, "clinics/builder.html", context))


@public()
@limited(LISTS)
def list_detail(request, codes):
    """The list as a patient opens it. Capitals come from QR codes, which hold them in less room."""
    if request.path != (address := reverse("clinics:list_detail", args=[codes.lower()])):
        return HttpResponsePermanentRedirect(address)
    made = chosen(Pages(), in_address(codes))
    if not made.pages:
        return nothing_left(request, withdrawn(in_address(codes)))
    items = made.items
    context = {
        "items": items,
        "made": made,
        "minutes": minutes_of(items),
        "list_address": made.get_absolute_url(),
    }
    return of_one_reader(render(request, "clinics/list_detail.html", context))


def nothing_left(request, reasons):
    """Why no page of a list is here: they were withdrawn, or its link is not whole."""
    status = 410 if reasons else 404
    return render(request, "clinics/list_gone.html", {"reasons": reasons}, status=status)


def handed_out(request, codes):
    """The list at this address as something to hand out."""
    made = find_list(codes)
    items = made.items
    return HandOut(
        address=settings.SITE_ORIGIN + made.get_absolute_url(),
        titles=tuple(item.title for item in items),
        minutes=minutes_of(items),
        discreet=request.GET.get("words") != "named",
    )


@public("words")
@limited(LISTS)
def list_hand_out(request, codes):
    where = {
        "base": request.path,
        "change": f"{reverse('clinics:builder')}?list={codes}",
        "list_address": reverse("clinics:list_detail", args=[codes]),
    }
    return handing_out.page(request, handed_out(request, codes), where)


@public("words")
@limited(LISTS)
def list_email(request, codes):
    return handing_out.email_preview(request, handed_out(request, codes))


@public()
@limited(LISTS)
def list_qr(request, codes, kind):
    return handing_out.qr_picture(handed_out(request, codes), kind)


@public("words", "paper")
@limited(LISTS)
def list_poster(request, codes):
    return handing_out.poster(request, handed_out(request, codes))


def addresses():
    """For the sitemap: the pages that clinics look for."""
    return [(reverse(f"clinics:{name}"), None) for name in ("for_clinics", "builder")]


@public()
def for_clinics(request):
    context = {"code_systems": CODE_SYSTEMS, "frame": example()}
    return render(request, "clinics/for_clinics.html", context)
