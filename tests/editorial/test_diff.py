"""What changed between two texts of a page, part by part."""

import copy
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from psychoplastogens.editorial.drafts.diff import ChangeType, count_changed_marks, diff_snapshots
from psychoplastogens.editorial.drafts.snapshots import get_referenced_names, take_snapshot
from psychoplastogens.editorial.drafts.text_diff import SegmentKind
from tests.factories import make_compound, make_explainer, make_faq, make_source, make_topic

LINES = st.lists(st.text(max_size=20), max_size=6).map("\n".join)


def changed(hunks):
    return tuple(
        "".join(s.text for hunk in hunks for s in hunk.segments if s.kind == kind)
        for kind in (SegmentKind.REMOVED, SegmentKind.ADDED)
    )


def snapshot(pk="a", **fields):
    return {"model": "content.faq", "pk": pk, "fields": fields}


@given(
    st.fixed_dictionaries({}, optional={"question": LINES, "answer": LINES, "order": st.integers()})
)
def test_a_page_does_not_differ_from_itself(fields):
    assert diff_snapshots([snapshot(**fields)], copy.deepcopy([snapshot(**fields)]), {}) == []


VALUES = {
    "question": LINES,
    "answer": st.none() | LINES,
    "order": st.integers(),
    "language": st.sampled_from(["en", "English", ""]),
    "topic": st.sampled_from(["key-1", "key-2"]),
    "conditions": st.lists(st.sampled_from("abc"), unique=True).map(sorted),
    "unknown": st.sampled_from([True, 1, "1", None, [], ["1"], {"1": 1}]),
}


@given(st.fixed_dictionaries(VALUES), st.fixed_dictionaries(VALUES))
def test_whatever_differs_is_told(old, new):
    names = {("content.topic", "key-1"): "Same name", ("content.topic", "key-2"): "Same name"}
    found = diff_snapshots([snapshot(**old)], [snapshot(**new)], names)
    told = [field.name for row in found for field in row.fields]
    differing = [n for n in VALUES if (type(old[n]), old[n]) != (type(new[n]), new[n])]
    assert len(told) == len(differing)


KEYS = st.lists(st.sampled_from("abcdef"), unique=True)


def parts(keys):
    page = {"model": "content.explainer", "pk": "page", "fields": {"title": "Guide"}}
    return [page] + [
        {
            "model": "content.section",
            "pk": key,
            "fields": {"explainer": "page", "order": order, "title": key},
        }
        for order, key in enumerate(keys)
    ]


@given(KEYS, KEYS)
def test_every_part_that_came_went_or_moved_is_told(old, new):
    found = {row.key: row for row in diff_snapshots(parts(old), parts(new), {})}
    assert {key for key, row in found.items() if row.how == ChangeType.ADDED} == set(new) - set(old)
    assert {key for key, row in found.items() if row.how == ChangeType.REMOVED} == set(old) - set(
        new
    )
    assert bool(found) == (old != new)
    stayed_old = [key for key in old if key in new and not found.get(key)]
    stayed_new = [key for key in new if key in old and not found.get(key)]
    assert stayed_old == stayed_new


def test_changes_stand_in_reading_order_and_what_was_removed_where_it_stood():
    found = diff_snapshots(parts("abcd"), parts("axd"), {})
    assert [(row.key, row.how.value) for row in found] == [
        ("b", "removed"),
        ("c", "removed"),
        ("x", "added"),
    ]


pytestmark = pytest.mark.django_db


def edit(record, change):
    old = take_snapshot(record)
    new = copy.deepcopy(old)
    change(new)
    return diff_snapshots(old, new, get_referenced_names(old, new))


def test_fields_choices_and_related_records_go_by_the_names_that_editors_see():
    topic, other = make_topic(name="On the day"), make_topic(name="Afterwards")
    faq = make_faq(topic=topic, compounds=[make_compound(name="Ketamine")])
    another = make_compound(name="Psilocybin")

    def change(rows):
        rows[0]["fields"] |= {"topic": str(other.pk), "compounds": [str(another.pk)]}

    [row] = edit(faq, change)
    told = {field.name: changed(field.hunks) for field in row.fields}
    assert told["Topic"] == ("On the day", "Afterwards")
    assert told["Compounds"] == ("Ketamine", "Psilocybin")
    assert (row.kind, row.title) == ("Question", "Does it work?")


def test_a_choice_goes_by_its_label_and_a_tick_by_yes_or_no():
    compound = make_compound(standing="off_label")
    [row] = edit(compound, lambda rows: rows[0]["fields"].update(standing="approved"))
    assert [changed(field.hunks) for field in row.fields] == [("Off-label", "FDA approved")]


def test_a_part_goes_by_its_title_and_a_part_that_was_moved_is_the_only_one_that_moved():
    explainer = make_explainer(("One", "First."), ("Two", "Second."), ("Three", "Third."))

    def change(rows):
        rows[1:] = [rows[3], rows[1], rows[2]]
        for order, row in enumerate(rows[1:]):
            row["fields"]["order"] = order
        rows[3]["fields"]["plain"] = "Seconds."

    found = edit(explainer, change)
    assert [(row.kind, row.title, row.moved) for row in found] == [
        ("Section", "Three", True),
        ("Section", "Two", False),
    ]
    assert [field.name for field in found[1].fields] == ["Plain text"]


def test_a_new_page_is_all_new_and_says_nothing_of_what_is_empty():
    new = take_snapshot(make_source(title="A study", url=""))
    [row] = diff_snapshots([], new, get_referenced_names(new))
    assert row.how == ChangeType.ADDED
    assert "Title" in [field.name for field in row.fields]
    assert "Url" not in [field.name for field in row.fields]


def test_names_cost_as_many_queries_as_there_are_kinds(django_assert_num_queries):
    few = take_snapshot(make_faq(compounds=[make_compound()]))
    many = take_snapshot(make_faq(compounds=[make_compound(slug=f"c-{n}") for n in range(20)]))
    with django_assert_num_queries(2):
        get_referenced_names(few)
    with django_assert_num_queries(2):
        get_referenced_names(many)


class Seen(HTMLParser):
    """The text of a page as a reader sees it, and the names of its elements."""

    def __init__(self, html):
        super().__init__()
        self.text, self.names = "", set()
        self.feed(html)
        self.close()

    def handle_starttag(self, name, attributes):
        self.names |= {name, *(key for key, _ in attributes)}

    def handle_data(self, data):
        self.text += data


KNOWN = {"article", "h3", "h4", "span", "div", "b", "p", "details", "summary", "del", "ins", "mark"}


@given(st.text(alphabet="<>&;\"'/= scriptonload!-[^]{}1", min_size=1, max_size=40))
def test_nothing_reaches_html_unescaped(text):
    old = [snapshot(question="Why?", answer="<b onclick='x'>old</b>\n<i>"), *parts("a")]
    new = [snapshot(question=text, answer=f"{text}\n<i>"), *parts([text])]
    seen = Seen(
        render_to_string(
            "editorial/_differences.html", {"differences": diff_snapshots(old, new, {})}
        )
    )
    assert seen.names <= KNOWN | {"class"}
    assert text in seen.text


def test_what_matters_most_is_counted():
    old = [snapshot(answer="41 of 100 felt better.[^a] See [[dose]].")]
    new = [snapshot(answer="43 of 100 felt better.[^b] See [[dose]].")]
    counted = count_changed_marks(diff_snapshots(old, new, {}))
    assert counted == {"number": 2, "citation": 2}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("a", "a\n", 1), ("a\nb", "a\n\nb", 1), ("a\n\nb\n\nc", "a\n\nc", 1), ("a b", "a  b", 2)],
)
def test_a_change_of_blank_space_alone_can_be_seen(old, new, told):
    html = render_to_string(
        "editorial/_differences.html",
        {"differences": diff_snapshots([snapshot(answer=old)], [snapshot(answer=new)], {})},
    )
    assert html.count("<ins") + html.count("<del") == told
