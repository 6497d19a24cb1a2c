from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from psychoplastogens.content.models import Explainer
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.query_strings import build_query_string
from psychoplastogens.editorial.shortcuts import get_part_or_404, get_published_or_gone
from psychoplastogens.editorial.version_cache import cache_for_version
from psychoplastogens.walkthrough import growth_figure, page_context, schema_org
from psychoplastogens.walkthrough.guess_line import GuessLine
from psychoplastogens.walkthrough.models import Walkthrough
from psychoplastogens.walkthrough.navigation import StepSequence
from psychoplastogens.walkthrough.scene_picture import ScenePicture


@public_page("depth", "state")
def walkthrough_detail(request, slug):
    walkthrough = get_published_or_gone(Walkthrough.objects.with_page_data, slug)
    depth, state = request.GET.get("depth", ""), request.GET.get("state", "")
    context = page_context.get_walkthrough_context(walkthrough, depth, state)
    return render(request, "walkthrough/walkthrough_detail.html", context)


@public_page("state")
def opening_fragment(request, slug):
    """The first picture in another state. The drawing itself stays in the page."""
    walkthrough = get_published_or_gone(Walkthrough.objects.with_opening, slug)
    return render_picture(
        request, page_context.get_opening_context(walkthrough, request.GET.get("state", ""))
    )


@public_page("depth")
def walkthrough_all(request, slug):
    walkthrough = get_published_or_gone(Walkthrough.objects.with_page_data, slug)
    context = page_context.get_whole_walkthrough_context(walkthrough, request.GET.get("depth", ""))
    return render(request, "walkthrough/walkthrough_all.html", context)


@public_page("without", "lens")
def chain_detail(request, slug):
    return render(request, "walkthrough/chain_detail.html", get_chain_context(request, slug))


@public_page("without", "lens")
def chain_fragment(request, slug):
    context = get_chain_context(request, slug)
    return noindex(render(request, "walkthrough/chain_fragment.html", context))


def get_chain_context(request, slug):
    """The template context of the chain in the state that the address names."""
    walkthrough = get_published_or_gone(Walkthrough.objects.with_chain, slug)
    if not walkthrough.links.all():
        raise Http404("This walkthrough has no chain.")
    without, lens = request.GET.get("without", ""), request.GET.get("lens", "")
    return page_context.get_chain_context(walkthrough, without, lens)


@public_page("at")
def clock_detail(request, slug):
    return render(request, "walkthrough/clock_detail.html", get_clock_context(request, slug))


@public_page("at")
def clock_fragment(request, slug):
    context = get_clock_context(request, slug)
    return noindex(render(request, "walkthrough/clock_fragment.html", context))


def get_clock_context(request, slug):
    """The template context of the clock at the time that the address names."""
    walkthrough = get_published_or_gone(Walkthrough.objects.with_clock, slug)
    if not walkthrough.guide:
        get_published_or_gone(Explainer.objects.all, walkthrough.guide_slug or "")  # says why not
    context = page_context.get_clock_context(walkthrough, request.GET.get("at", ""))
    if not context["clock"].times:
        raise Http404("No moment of the guide has a time on the clock.")
    return context


@public_page("order", stored_with=())
def say_it_back(request, slug):
    return render(request, "walkthrough/say_it_back.html", get_cards_context(request, slug))


@public_page("order", stored_with=())
def say_it_back_fragment(request, slug):
    context = get_cards_context(request, slug)
    return noindex(render(request, "walkthrough/say_it_back_fragment.html", context))


def get_cards_context(request, slug):
    """The template context of the cards in the order that the address names."""
    walkthrough = get_published_or_gone(Walkthrough.objects.with_cards, slug)
    context = page_context.get_cards_context(walkthrough, request.GET.get("order", ""))
    if not context["cards"].story:
        raise Http404("This walkthrough has no cards.")
    return context


@public_page("guess", "answer", "time", "depth", "state", "show")
def step_detail(request, slug, step):
    walkthrough = get_published_or_gone(Walkthrough.objects.with_steps, slug)
    way = StepSequence(walkthrough.steps.all())
    if numbered := way.get_step_by_number(step):
        asked = request.GET.urlencode()
        return HttpResponseRedirect(numbered.get_absolute_url() + (asked and f"?{asked}"))
    step = get_part_or_404(way.steps, step, "step")
    context = {
        "walkthrough": walkthrough,
        "step": step,
        "body": render_step(walkthrough, step, request.GET),
        "structured": schema_org.describe_step(walkthrough, step),
    }
    return render(request, "walkthrough/step_detail.html", context)


@public_page()
def step_fragment(request, slug, step):
    walkthrough, step = get_step(slug, step)
    body = render_step(walkthrough, step, request.GET)
    context = {"walkthrough": walkthrough, "step": step, "body": body}
    return noindex(render(request, "walkthrough/step_fragment.html", context))


def get_step(slug, step):
    """The walkthrough and its step of these slugs."""
    walkthrough = get_published_or_gone(Walkthrough.objects.with_steps, slug)
    return walkthrough, get_part_or_404(list(walkthrough.steps.all()), step, "step")


def render_step(walkthrough, step, asked):
    """The HTML of a step as the query `asked` has it; page and fragment are made of the same."""
    if asked:
        context = get_step_context(asked, walkthrough, step)
        return render_to_string("walkthrough/_step.html", context)
    return render_opened_step(walkthrough, step, timezone.localdate())


@cache_for_version(maxsize=64)
def render_opened_step(walkthrough, step, day):
    """A step as it opens; on another `day` its check may be overdue."""
    context = get_step_context({}, walkthrough, step)
    return render_to_string("walkthrough/_step.html", context)


@public_page("guess", "depth")
def guess_fragment(request, slug, step):
    return render_step_part(request, slug, step, "walkthrough/_guess.html", "guess", "guess")


@public_page("answer", "depth")
def check_fragment(request, slug, step):
    return render_step_part(request, slug, step, "walkthrough/_check.html", "check", "answer")


@public_page("state", "show")
def picture_fragment(request, slug, step):
    """The picture in another state, or a part alone. The drawing itself stays in the page."""
    return render_picture(request, get_step_context(request.GET, *get_step(slug, step)))


def render_picture(request, context):
    """The parts of a page that change with the state of its picture."""
    if not context["picture"].can_change:
        raise Http404("This picture is always the same.")
    response = noindex(render(request, "walkthrough/picture_fragment.html", context))
    response["HX-Push-Url"] = context["picture"].address
    return response


@public_page("time")
def growth_fragment(request, slug, step):
    return render_step_part(request, slug, step, "walkthrough/_growth.html", "growth", "time")


def render_step_part(request, slug, step, template, needed, parameter):
    """A fragment of a step's page; HX-Replace-Url names the page that it belongs to."""
    context = get_step_context(request.GET, *get_step(slug, step))
    if not context[needed]:
        raise Http404("This step has no such part.")
    render_texts_before(needed, context)
    response = noindex(render(request, template, context))
    if chosen := request.GET.get(parameter):
        page = context["step"].get_absolute_url()
        response["HX-Replace-Url"] = page + build_query_string(**{parameter: chosen})
    return response


def get_step_context(asked, walkthrough, step):
    """The template context of a step as the query `asked` has it."""
    way = StepSequence(walkthrough.steps.all())
    studies = step.studies
    moment = growth_figure.get_moment(asked.get("time", ""), step.time)
    check = next(iter(step.checks.all()), None)
    answer = asked.get("answer", "")
    guess = step.guess
    said = guess.get_nearest(asked.get("guess", "")) if guess else None
    asks_for_spines = bool(guess and guess.spine_change) and said is None
    picture = ScenePicture(
        step,
        asked.get("state", ""),
        asked.get("show", ""),
        "depth=more" if asked.get("depth") == "more" else "",
    )
    return {
        "walkthrough": walkthrough,
        "way": way,
        "step": step,
        "place": way.get_position(step),
        "times": get_timeline(way, step),
        "picture": picture,
        "growth": growth_figure.build_growth_figure(moment, studies) if studies else None,
        "moments": growth_figure.MOMENTS,
        "guess": guess,
        "line": GuessLine(guess, said),
        "asks_first": asks_for_spines and "time" not in asked,
        "check": check,
        "answer": answer,
        "because": check.because(answer) if check else "",
        "prose": ProseRenderer(
            page_context.get_step_texts(step),
            also=page_context.get_number_sources(step),
            heading=2,
            link_part=picture.link_part,
        ),
        "depth": asked.get("depth", ""),
    }


def render_texts_before(part, context):
    """Render the texts above a part, so that it links the same terms as on the full page."""
    find = page_context.get_texts_before_checks
    if part == "guess":
        find = page_context.get_texts_before_guess
    for text in find(context["step"]):
        context["prose"].render(text)


def get_timeline(way, step):
    """The timeline: (label, first step at that time, whether `step` is at that time)."""
    first = {}
    for other in way.main:
        first.setdefault(other.time, other)
    return [
        (label, first[time], time == step.time)
        for time, label in type(step).Time.choices
        if time in first
    ]
