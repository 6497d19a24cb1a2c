"""Nothing of a draft reaches a reader: a marker in every text of every draft, and every address."""

import re

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from psychoplastogens.content.models import Explainer
from psychoplastogens.editorial.admin.drafting_admin import FORM_ENDPOINTS
from psychoplastogens.editorial.admin.publishable_admin import RECORD_VIEWS
from psychoplastogens.editorial.drafts.snapshots import iter_rows, take_snapshot
from psychoplastogens.editorial.models import Publishable, Revision, Status
from psychoplastogens.editorial.workflow import comments, transitions
from psychoplastogens.search import index_cache
from psychoplastogens.short_links import click_counting
from psychoplastogens.short_links.models import ShortLink
from tests import factories
from tests.admin_forms import address_of
from tests.login import sign_in

MARK = "zqxwv"
DRESSED = (models.CharField, models.TextField, models.JSONField)
PLAIN = {"language", "doi", "url", "email", "right", "code", "system"}
PLAIN |= {"scene", "highlight", "hidden", "pale"}
PLAIN |= {"days_sentence"}  # A constraint wants it empty where the guess is of another number.


def may_hold_words(field):
    return isinstance(field, DRESSED) and not field.choices and field.name not in PLAIN


def dressed(snapshot):
    """`snapshot` with the marker in every text of the record and its parts."""
    rows = []
    for row in snapshot:
        model = next(m for m in apps.get_models() if m._meta.label_lower == row["model"])
        words = {f.name: words_for(f) for f in model._meta.concrete_fields if may_hold_words(f)}
        if "slug" in words:
            words["slug"] = f"{MARK}-{row['fields']['slug']}"
        kept = {name: text for name, text in words.items() if name in row["fields"]}
        rows.append({**row, "fields": row["fields"] | kept})
    return rows


def words_for(field):
    if isinstance(field, models.JSONField):
        return [MARK]
    return f"{MARK} words."[: field.max_length or 99]


def one_of_each(**fields):
    """A record of every kind, by its name, all joined to each other."""
    found = {"source": factories.make_source(funding="maker", funder="Moss Labs", **fields)}
    found["finding"] = factories.make_finding(source=found["source"], **fields)
    found["spinechange"] = factories.make_spine_change(source=found["source"], **fields)
    found["claim"] = factories.make_claim([found["source"]], **fields)
    found["glossaryterm"] = factories.make_term(**{"term": "Gate"} | fields)
    found["topic"] = factories.make_topic(**fields)
    numbers = [found["finding"]]
    statuses = [{"source": found["source"]}]
    found["compound"] = factories.make_compound(numbers, numbers, statuses, **fields)
    rows = [{"compound": found["compound"], "label": "K"}]
    found["condition"] = factories.make_condition(numbers, numbers, [{}], rows, **fields)
    about = {"compounds": [found["compound"]], "conditions": [found["condition"]]}
    found["decision"] = factories.make_decision([{}], **fields)
    found["faq"] = factories.make_faq(topic=found["topic"], **about, **fields)
    found["translation"] = factories.make_translation(found["faq"], **fields)
    found["explainer"] = factories.make_explainer({}, {}, **fields)
    links = [{"experiments": [{}]}]
    step = {"check": {}, "growth": [found["spinechange"]]}
    step["guess"] = {"spine_change": found["spinechange"], "afterword": "So it was."}
    step["states"] = [{"slug": "one"}, {"slug": "two"}]
    found["walkthrough"] = factories.make_walkthrough(step, {}, links=links, **fields)
    found["code"] = factories.make_code(page=found["condition"], **CODE_OF[len(fields)], **fields)
    return found


CODE_OF = {0: {"code": "F33"}, 1: {"code": "F34"}}


@pytest.fixture
def site_with_drafts(db, monkeypatch):
    """Published records with a dressed draft each; others, dressed, never published or withdrawn;
    and published texts that name all of these."""
    index_cache.clear_index_cache()
    monkeypatch.setattr(click_counting.ClickWriter, "start", lambda self: None)
    live, drafts = one_of_each(), one_of_each(status=Status.DRAFT)
    for record in drafts.values():
        dress(record)
        record.refresh_from_db()
    gone = factories.make_faq(question="Gone?", answer=f"{MARK}.", topic=live["topic"])
    transitions.withdraw(gone, by=factories.make_user(), reason="No longer true.")
    naming = name_everything(live, drafts)
    for record in live.values():
        dress(record)
    pack = factories.make_pack(naming, live["faq"], drafts["faq"], drafts["explainer"], gone)
    link = ShortLink.objects.get_or_create_for(drafts["compound"])
    scene = {"live": live, "drafts": drafts, "gone": gone, "naming": naming}
    yield scene | {"pack": pack, "link": link}
    index_cache.clear_index_cache()


def dress(record):
    """A draft of it, and a comment. The row of one that was only ever drafted holds the words."""
    author = factories.make_user("author")
    draft = transitions.save_draft(record, dressed(take_snapshot(record)), by=author)
    said = comments.Place(record.pk, "title", f"{MARK} words.", f"{MARK} words.")
    comments.begin_thread(draft, said, body=f"{MARK} words.", by=author)


def name_everything(live, drafts):
    """A published guide whose text names every draft that a text can name."""
    text = (
        f"So.[^{drafts['source'].slug}] A [[{drafts['glossaryterm'].slug}|gate]]. "
        f"{{{{finding:{drafts['finding'].slug}|sentence}}}}\n\n{{{{finding:{drafts['finding'].slug}}}}}"
        f"\n\nIt is {{{{status:{drafts['compound'].slug}}}}}."
    )
    explainer = factories.make_explainer({"plain": text, "more": text}, slug="names-drafts")
    live["faq"].compounds.add(drafts["compound"])
    live["faq"].conditions.add(drafts["condition"])
    live["claim"].sources.add(drafts["source"])
    for record in (live["compound"], live["condition"]):
        record.findings.add(drafts["finding"])
        record.pictured.add(drafts["finding"])
    factories.make_faq(topic=drafts["topic"], question="Under a topic that is a draft?")
    return explainer


def patterns(resolver=None, before=""):
    """(path with <names>, its converters) of every address but those of the admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver) and not path.startswith("admin/"):
            yield from patterns(entry, path)
        elif isinstance(entry, URLPattern) and not path.startswith("admin/"):
            yield path


def addresses(scene):
    """Every address of the site, with the slugs of every record and part, drafts among them.

    Handouts are left out: their words are packed, and they are made from what pages show.
    """
    records = [*scene["live"].values(), *scene["drafts"].values(), scene["gone"], scene["naming"]]
    pairs = [(r.slug, part.slug) for r in records for part in parts_with_slugs(r)]
    pairs.append((scene["pack"].clinic.slug, scene["pack"].slug))
    fills = {
        "": [()],
        "slug": [(record.slug,) for record in records],
        "str": [(scene["link"].code,)],
        "slug slug": pairs,
        "slug slug int": [(*pairs[-1], str(number)) for number in range(5)],
    }
    for pattern in patterns():
        if "handout" not in pattern:
            for values in fills.get(" ".join(re.findall(r"<(\w+):", pattern)), []):
                yield "/" + re.sub(r"<\w+:\w+>", "{}", pattern).format(*values)


def parts_with_slugs(record):
    return [row for row in iter_rows(record) if row is not record and hasattr(row, "slug")]


QUERIES = [
    f"/search/?q={MARK}",
    f"/search/fragment/?q={MARK[:4]}",
    f"/search/?q={MARK}&exact=1",
    f"/questions/?q={MARK}",
    f"/questions/fragment/?q={MARK[:4]}",
    f"/glossary/?q={MARK}",
    f"/claims/?q={MARK}",
    "/search/?q=words",
    f"/es/?q={MARK}",
    "/es/?q=words",
    "/connect/service?mainSearchCriteria.v.c=F34&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90",
    "/connect/service?mainSearchCriteria.v.c=F33&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90"
    "&knowledgeResponseType=application/json",
    f"/connect/service?mainSearchCriteria.v.dn={MARK}",
    f"/connect/application?mainSearchCriteria.v.dn={MARK}",
]


def holds_mark(response, asked):
    body = b"" if response.streaming else response.content
    text = body.decode(errors="replace") + str(dict(response.headers))
    if asked.lower().startswith("/s/"):
        text = body.decode()  # Only lists get codes. This one was made for an address of a draft.
    if MARK[:4] in asked:
        return f"{MARK} words" in text
    return MARK in text


def walk(scene, part=""):
    """The addresses, of those that hold `part`, at which a reader meets the marker."""
    client = Client(raise_request_exception=True)
    several = "&".join(f"c={r['compound'].slug}" for r in (scene["live"], scene["drafts"]))
    questions = "&".join(f"q={r['faq'].slug}" for r in (scene["live"], scene["drafts"]))
    asked = list(addresses(scene))
    asked += [f"/compounds/compare/?{several}", f"/ask/?{questions}", *QUERIES]
    assert len(asked) > 200
    asked = [address for address in asked if part in address]
    return [address for address in asked if holds_mark(client.get(address), address)]


def test_no_reader_meets_a_word_of_a_draft(site_with_drafts, admin_client):
    scene = site_with_drafts
    for record in scene["live"].values():
        for page in ("change", "preview", "previewed", "review", "history"):
            admin_client.get(address_of(record, page))
    found = walk(scene)
    assert not found, "\n".join(found)


def test_the_walk_would_meet_it(site_with_drafts):
    scene = site_with_drafts
    explainer = scene["live"]["explainer"]
    Explainer.objects.filter(pk=explainer.pk).update(summary=f"{MARK} words.")
    found = walk(scene, "/explainers/")
    assert explainer.get_absolute_url() in found
    assert "/explainers/" in found


def test_every_kind_is_among_them(site_with_drafts):
    kinds = {m for m in apps.get_models() if issubclass(m, Publishable)}
    assert {type(record) for record in site_with_drafts["drafts"].values()} == kinds


def own(scene, kind, state="drafts"):
    """The address of the record of this kind, or of its first part that has one."""
    rows = [row for row in iter_rows(scene[state][kind]) if hasattr(row, "get_absolute_url")]
    return rows[-1].get_absolute_url()


def of_pack(scene, rest=""):
    return f"/c/{scene['pack'].clinic.slug}/{scene['pack'].slug}/{rest}"


# Each way by which a word could get out, and the address that tries it.
WAYS = {
    "search": lambda s: "/search/?q=words",
    "search, as a fragment": lambda s: "/search/fragment/?q=words",
    "sitemap": lambda s: "/sitemap.xml",
    "feed": lambda s: "/changes/feed/",
    "list of changes": lambda s: "/changes/",
    "page with its JSON-LD": lambda s: own(s, "compound"),
    "part of a page": lambda s: own(s, "explainer"),
    "page in another language": lambda s: own(s, "translation"),
    "search in another language": lambda s: "/es/?q=words",
    "step": lambda s: own(s, "walkthrough"),
    "glossary": lambda s: "/glossary/",
    "glossary, as a fragment": lambda s: own(s, "glossaryterm") + "fragment/",
    "compare": lambda s: (
        f"/compounds/compare/?c={s['live']['compound'].slug}&c={s['drafts']['compound'].slug}"
    ),
    "related list": lambda s: own(s, "compound", "live"),
    "numbers of a page": lambda s: f"/conditions/{s['live']['condition'].slug}/numbers/",
    "forward keys of a text": lambda s: s["naming"].get_absolute_url() + "part-0/",
    "forward key to a topic": lambda s: "/questions/",
    "chosen questions": lambda s: f"/ask/?q={s['drafts']['faq'].slug}",
    "list of claims": lambda s: "/claims/",
    "list of sources": lambda s: "/sources/",
    "pack": of_pack,
    "item of a pack": lambda s: of_pack(s, "3/"),
    "short link": lambda s: f"/s/{s['link'].code}/",
    "shelves for a list": lambda s: "/clinics/",
    "record system": lambda s: QUERIES[10],
}


def test_each_way_out_is_tried_and_tells_nothing_until_the_drafts_are_published(
    site_with_drafts, client
):
    addresses = {way: find(site_with_drafts) for way, find in WAYS.items()}
    assert [way for way, url in addresses.items() if tells(client.get(url, follow=True))] == []
    for record in site_with_drafts["drafts"].values():
        record.publish(by=factories.make_user())
    index_cache.clear_index_cache()
    addresses = {way: find(site_with_drafts) for way, find in WAYS.items()}
    assert [way for way, url in addresses.items() if not tells(client.get(url, follow=True))] == []


def tells(answer):
    return f"{MARK} words" in answer.content.decode() or f"/{MARK}-" in answer.content.decode()


@pytest.fixture
def clinic_editor_client(site_with_drafts):
    """A clinic's editor, signed in, whose list holds only what readers read."""
    user = factories.make_staff("Clinic editor", name="desk")
    clinic = factories.make_clinic()
    clinic.editors.add(user)
    live = site_with_drafts["live"]
    factories.make_pack(live["faq"], live["explainer"], live["compound"], clinic=clinic)
    waiting = site_with_drafts["drafts"]["faq"]
    dress(waiting)  # Once more: a revision goes by the name that the record had before it.
    transitions.submit(Revision.objects.get_open_draft(waiting), by=factories.make_user("author"))
    return sign_in(Client(), user)


def pages_of_the_admin(scene):
    """Every list, form and page about a record that the admin has."""
    yield "/admin/"
    for model in site._registry:
        kind = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield from (kind, f"{kind}add/", f"{kind}import/", f"{kind}export/yaml/")
        yield from (f"{kind}{row.pk}/change/" for row in model._base_manager.all())
    for record in (*scene["live"].values(), *scene["drafts"].values()):
        for page in (*RECORD_VIEWS, *FORM_ENDPOINTS, "delete"):
            yield address_of(record, page)


def test_a_clinic_editor_meets_no_draft_anywhere_in_the_admin(
    site_with_drafts, clinic_editor_client
):
    asked = list(pages_of_the_admin(site_with_drafts))
    assert len(asked) > 300
    found = [page for page in asked if tells(clinic_editor_client.get(page))]
    assert not found, "\n".join(found)
    looks = [page for page in asked if page.endswith("/typed/")]
    assert {clinic_editor_client.post(page).status_code for page in looks} == {403}


def searches():
    """What the admin may be asked while somebody types: every key and list of every model."""
    for model in apps.get_models():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if field.remote_field:
                yield model._meta.app_label, model._meta.model_name, field.name


@pytest.mark.parametrize("term", [MARK, "words", ""])
def test_a_clinic_editor_finds_no_draft_while_it_types(
    site_with_drafts, clinic_editor_client, term
):
    allowed = set()
    for room, model, name in searches():
        asked = {"app_label": room, "model_name": model, "field_name": name, "term": term}
        answer = clinic_editor_client.get("/admin/autocomplete/", asked)
        assert not tells(answer), asked
        allowed |= {room} if answer.status_code == 200 else set()
    assert allowed == {"clinics", "short_links"}


def test_an_author_finds_drafts_while_typing_so_the_search_is_a_real_one(site_with_drafts):
    author = sign_in(Client(), factories.make_staff("Author", name="writer"))
    asked = {"app_label": "content", "model_name": "faq", "field_name": "compounds"}
    assert tells(author.get("/admin/autocomplete/", asked | {"term": MARK}))


@pytest.mark.parametrize("kind", ["content/faq", "content/compound", "evidence/source"])
def test_only_staff_may_ask_the_lists_of_the_admin(client, site_with_drafts, kind):
    room, model = kind.split("/")
    for name in ("faq", "compound", "source"):
        asked = {"app_label": room, "model_name": model, "field_name": name, "term": MARK}
        answer = client.get("/admin/autocomplete/", asked)
        assert answer.status_code == 302
        assert MARK not in answer.content.decode()
