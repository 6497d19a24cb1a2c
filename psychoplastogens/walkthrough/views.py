from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render

from psychoplastogens.content.pages import Prose
from psychoplastogens.delivery.addresses import public, unlisted
from psychoplastogens.editorial.doors import find, find_part
from psychoplastogens.walkthrough import growth, showing, structured
from psychoplastogens.walkthrough.models import Walkthrough
from psychoplastogens.walkthrough.way import Way


@public("depth")
def walkthrough_detail(request, slug):
    walkthrough = find(Walkthrough.objects.with_steps(), slug)
    prose = Prose([walkthrough.key_points])
    context = {
        "walkthrough": walkthrough,
        "way": Way(walkthrough.steps.all()),
        "prose": prose,
        "depth": request.GET.get("depth", ""),
        "structured": structured.walkthrough(walkthrough, prose),
    }
    return render(request, "walkthrough/walkthrough_detail.html", context)


@public("depth")
def walkthrough_all(request, slug):
    walkthrough = find(Walkthrough.objects.with_steps(), slug)
    context = showing.walkthrough_all(walkthrough, request.GET.get("depth", ""))
    return render(request, "walkthrough/walkthrough_all.html", context)


@public("answer", "time", "depth")
def step_detail(request, slug, step):
    walkthrough = find(Walkthrough.objects.with_steps(), slug)
    way = Way(walkthrough.steps.all())
    if numbered := way.numbered(step):
        asked = request.GET.urlencode()
        return HttpResponseRedirect(numbered.get_absolute_url() + (asked and f"?{asked}"))
    context = shown(request, walkthrough, way, step)
    context["structured"] = structured.step(walkthrough, context["step"], context["prose"])
    return render(request, "walkthrough/step_detail.html", context)


@public()
def step_fragment(request, slug, step):
    return fragment(request, slug, step, "walkthrough/step_fragment.html")


@public("answer", "depth")
def check_fragment(request, slug, step):
    return fragment(request, slug, step, "walkthrough/_check.html", "check", "answer")


@public("time")
def growth_fragment(request, slug, step):
    return fragment(request, slug, step, "walkthrough/_growth.html", "growth", "time")


def fragment(request, slug, step, template, needed="step", parameter=""):
    """A part of a step's page. Browsers are told the page that it belongs to."""
    walkthrough = find(Walkthrough.objects.with_steps(), slug)
    context = shown(request, walkthrough, Way(walkthrough.steps.all()), step)
    if not context[needed]:
        raise Http404("This step has no such part.")
    if needed != "step":
        read_before(context)
    response = unlisted(render(request, template, context))
    if chosen := request.GET.get(parameter):
        page = context["step"].get_absolute_url()
        response["HX-Replace-Url"] = f"{page}?{urlencode({parameter: chosen})}"
    return response


def shown(request, walkthrough, way, slug):
    """All that a step's page shows."""
    step = find_part(way.steps, slug, "step")
    studies = step.studies
    moment = growth.moment_named(request.GET.get("time", ""), step.time)
    check = next(iter(step.checks.all()), None)
    answer = request.GET.get("answer", "")
    return {
        "walkthrough": walkthrough,
        "way": way,
        "step": step,
        "place": way.at(step),
        "times": times_of(way, step),
        "growth": growth.figure_at(moment, studies) if studies else None,
        "moments": growth.MOMENTS,
        "check": check,
        "answer": answer,
        "because": check.because(answer) if check else "",
        "prose": Prose(showing.texts_of(step), also=[s.source.slug for s in studies], heading=2),
        "depth": request.GET.get("depth", ""),
    }


def read_before(context):
    """Read what stands above a part, so that it opens the same terms as on the whole page."""
    step, prose = context["step"], context["prose"]
    for text in showing.texts_above_checks(step):
        prose.html(text)


def times_of(way, step):
    """The time line: (label, the first step at that time, whether this step stands there)."""
    first = {}
    for other in way.main:
        first.setdefault(other.time, other)
    return [
        (label, first[time], time == step.time)
        for time, label in type(step).Time.choices
        if time in first
    ]
