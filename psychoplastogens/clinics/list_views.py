"""Lists that anybody makes at /clinics/ and hands out. What is chosen is in the address alone."""

from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from psychoplastogens.clinics import list_handouts
from psychoplastogens.clinics.item_context import build_items_context
from psychoplastogens.clinics.list_presets import build_preset_lists
from psychoplastogens.clinics.models import SharedList
from psychoplastogens.clinics.models.pack import QUESTION_LIST, PackItem, sum_minutes
from psychoplastogens.clinics.models.shared_list import split_codes
from psychoplastogens.clinics.printed_contact import PrintedContactForm
from psychoplastogens.clinics.reading_lists import (
    MAX_PAGES,
    ListablePages,
    build_listable_page,
    build_question_list_page,
    build_reading_list,
    get_withdrawal_reasons,
    list_shelf,
)
from psychoplastogens.clinics.sharing import responses
from psychoplastogens.clinics.sharing.list_kits import build_list_share_kit
from psychoplastogens.clinics.shortcuts import get_reading_list_or_404
from psychoplastogens.clinics.sign_up import is_sign_up_offered
from psychoplastogens.delivery.decorators import noindex, public_form, public_page
from psychoplastogens.delivery.query_strings import build_query_string
from psychoplastogens.delivery.rate_limits import (
    LISTS,
    SHORT_LISTS,
    SHORT_LISTS_OF_ALL,
    check_limit_of_all,
    check_rate_limit,
    rate_limited,
)
from psychoplastogens.delivery.responses import render_one_off
from psychoplastogens.editorial.shortcuts import get_published_page
from psychoplastogens.embeds.oembed import build_example_data
from psychoplastogens.handouts.responses import LAYOUT_PARAMETERS, read_layout, render_handout

# `list` is a list in its order; `was` the same before the ticks `p`, `up` and `drop` came to it.
# `kept` are pages of it that the form had no ticks for, `find` words of titles.
BUILDER_PARAMETERS = ("list", "was", "p", "up", "drop", "kept", "find")
MAX_WORDS_LENGTH = 80

# Kinds that the builder shows in a way of their own; others are a plain list each.
KINDS_WITH_OWN_SHELF = {"explainer", "section", "walkthrough", "faq", QUESTION_LIST}

# The names of HL7's code systems (OIDs), as a record system sends them.
CODE_SYSTEM_OIDS = (
    ("2.16.840.1.113883.6.90", "ICD-10-CM"),
    ("2.16.840.1.113883.6.96", "SNOMED CT"),
    ("2.16.840.1.113883.6.88", "RxNorm"),
    ("2.16.840.1.113883.6.69", "NDC"),
)


def read_list_from_request(request, pages):
    """The list that a builder's address or form asks for."""
    if "list" in request.GET:
        return build_reading_list(pages, split_codes(request.GET["list"]))
    ticked = request.GET.getlist("p")
    staying = {*ticked, *split_codes(request.GET.get("kept", ""))}
    before = [code for code in split_codes(request.GET.get("was", "")) if code in staying]
    codes = list(dict.fromkeys([*before, *ticked]))
    up, drop = request.GET.get("up"), request.GET.get("drop")
    if up in codes[1:]:
        at = codes.index(up)
        codes[at - 1 : at + 1] = up, codes[at - 1]
    return build_reading_list(pages, [code for code in codes if code != drop])


def read_words(request):
    """The words of titles that somebody looks for in the builder."""
    return request.GET.get("find", "")[:MAX_WORDS_LENGTH].strip()


def get_builder_url(made, words=""):
    return reverse("clinics:builder") + build_query_string(list=made.codes, find=words)


def build_list_context(made):
    """A list with what is said of it."""
    items = made.items
    return {
        "made": made,
        "lines": list(zip(made.pages, items, strict=True)),
        "minutes": sum_minutes(items),
        "most": MAX_PAGES,
    }


def build_choice_context(pages, made, words):
    """What can be ticked, as it stands on the page, and what is ticked."""
    shelves = [list_shelf(model, words) for model in PackItem.get_target_models()]
    offered = [page for shelf in shelves for page in shelf.pages]
    if not words:
        offered.append(build_question_list_page())
    ticked = {page.code for page in made.pages}
    context = {
        "words": words,
        "is_cut": any(shelf.is_cut for shelf in shelves),
        "ticked": ticked,
        "kept": ticked - {page.code for page in offered},
        "ready_lists": build_preset_lists(pages),
    }
    return context | ({"found": offered} if words else build_shelves_context(offered, ticked))


def build_shelves_context(offered, ticked):
    """The pages by their kind, the parts by their guide and the questions by their topic."""
    of_kind = {kind: list(group) for kind, group in groupby(offered, attrgetter("kind"))}
    sections, questions = of_kind.get("section", []), of_kind.get("faq", [])

    def fold(name, held):
        return name, held, any(page.code in ticked for page in held)

    guides = [
        fold(guide, [section for section in sections if section.group == guide.key])
        for guide in of_kind.get("explainer", [])
    ]
    topics = groupby(questions, attrgetter("group"))
    shelves = [held for kind, held in of_kind.items() if kind not in KINDS_WITH_OWN_SHELF]
    shelves.sort(key=lambda held: held[0].model.search_group.order)
    return {
        "of_kind": of_kind,
        "guides": guides,
        "shelves": [(held[0].model.search_group.label, held) for held in shelves],
        "topics": [fold(topic, list(group)) for topic, group in topics],
    }


@public_page(*BUILDER_PARAMETERS, stored_with=[])
def builder(request):
    if request.GET:
        check_rate_limit(LISTS, request)
    pages = ListablePages()
    made, words = read_list_from_request(request, pages), read_words(request)
    if request.GET.keys() - {"list", "find"}:
        return HttpResponseRedirect(get_builder_url(made, words))
    context = build_list_context(made) | build_choice_context(pages, made, words)
    show = render_one_off if made.pages or words else render
    return show(request, "clinics/builder.html", context)


@public_page(*BUILDER_PARAMETERS, stored=False)
@rate_limited(LISTS)
def builder_fragment(request):
    pages = ListablePages()
    made = read_list_from_request(request, pages)
    dropped = {request.GET.get("drop", "")} - {*split_codes(request.GET.get("kept", ""))}
    context = build_list_context(made) | {"dropped": pages.find_by_codes(dropped)}
    response = render_one_off(request, "clinics/_chosen_results.html", context)
    response["HX-Replace-Url"] = get_builder_url(made, read_words(request))
    return noindex(response)


@public_page(*BUILDER_PARAMETERS, stored=False)
@rate_limited(LISTS)
def builder_done(request):
    """From what was ticked to the page with its link and copies, where there is anything."""
    pages = ListablePages()
    made = read_list_from_request(request, pages)
    if made.pages:
        return HttpResponseRedirect(made.get_absolute_url() + "hand-out/")
    choice = build_choice_context(pages, made, read_words(request))
    context = build_list_context(made) | choice | {"nothing_ticked": True}
    return noindex(render(request, "clinics/builder.html", context))


@public_page(stored=False)
@rate_limited(LISTS)
def list_detail(request, codes):
    """The list as a patient opens it. Capitals come from QR codes, which hold them in less room."""
    if request.path != (address := reverse("clinics:list_detail", args=[codes.lower()])):
        return HttpResponsePermanentRedirect(address)
    made = build_reading_list(ListablePages(), split_codes(codes))
    if not made.pages:
        return render_empty_list(request, get_withdrawal_reasons(split_codes(codes)))
    context = {"made": made, "list_address": address} | build_items_context(made.items, address)
    return render_one_off(request, "clinics/list_detail.html", context)


def render_empty_list(request, reasons):
    """Why no page of a list is here: they were withdrawn, or its link is not whole."""
    status = 410 if reasons else 404
    return render(request, "clinics/list_gone.html", {"reasons": reasons}, status=status)


def build_copies_view(model):
    """The view of the copies of a page of `model`: those of a list of it alone."""

    @public_page(stored=False)
    @rate_limited(LISTS)
    def page_copies(request, slug):
        page = build_listable_page(get_published_page(model, slug))
        return render_hand_out(request, page.code)

    return page_copies


def get_list_share_kit(request, codes):
    """The copies of the list at this address."""
    return build_list_share_kit(get_reading_list_or_404(codes), request.GET.get("words", ""))


@public_page("words", stored=False)
@rate_limited(LISTS)
def list_hand_out(request, codes):
    return render_hand_out(request, codes)


def render_hand_out(request, codes):
    made = get_reading_list_or_404(codes)
    shorten = reverse("clinics:list_short_link", args=[codes])
    where = {
        "shorten": "" if made.short_link else shorten,
        "base": reverse("clinics:list_hand_out", args=[codes]),
        "change": f"{reverse('clinics:builder')}?list={codes}",
        "list_address": reverse("clinics:list_detail", args=[codes]),
    }
    kit = build_list_share_kit(made, request.GET.get("words", ""))
    return responses.render_share_page(request, kit, where)


@public_form(())
def list_short_link(request, codes):
    """POST: give the list a short link, the same for everybody. Then, and to a GET, its copies."""
    made = get_reading_list_or_404(codes)
    if request.method == "POST" and not made.short_link:
        check_rate_limit(SHORT_LISTS, request)
        check_limit_of_all(SHORT_LISTS_OF_ALL)
        SharedList.objects.get_or_create_link(made.codes)
    return HttpResponseRedirect(reverse("clinics:list_hand_out", args=[made.codes]))


@public_page("words", stored=False)
@rate_limited(LISTS)
def list_email(request, codes):
    return responses.render_email_preview(request, get_list_share_kit(request, codes))


@public_page(stored=False)
@rate_limited(LISTS)
def list_qr(request, codes, kind):
    return responses.render_qr_image(get_list_share_kit(request, codes), kind)


@public_page("words", "paper", stored=False)
@rate_limited(LISTS)
def list_labels(request, codes):
    back = reverse("clinics:list_hand_out", args=[codes])
    return responses.render_labels(request, get_list_share_kit(request, codes), back)


@public_form(["words", "paper"])
@rate_limited(LISTS)
def list_poster(request, codes):
    """The poster; a POST of its form is answered with one that has the clinic's name and phone."""
    kit = get_list_share_kit(request, codes)
    form = PrintedContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kit = replace(
            kit, clinic=form.cleaned_data["name"], phone=form.cleaned_data["phone"], is_typed=True
        )
    return responses.render_poster(request, kit, form)


@public_page(*LAYOUT_PARAMETERS, stored=False)
def list_handout(request, codes):
    """A list that anybody made, on paper."""
    made = get_reading_list_or_404(codes)
    handout = list_handouts.build_list_document(made, read_layout(request))
    return render_handout(request, handout, "reading-list")


@public_page()
def for_clinics(request):
    context = {
        "code_systems": CODE_SYSTEM_OIDS,
        "frame": build_example_data(),
        "may_join": is_sign_up_offered(),
    }
    return render(request, "clinics/for_clinics.html", context)
