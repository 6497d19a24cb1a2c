"""What is pasted into a form from a word processor, a web page or a sheet."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP

PHONE = {"width": 375, "height": 667}
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]
looks = pytest.mark.parametrize(("viewport", "scheme"), LOOKS, ids=["desk", "phone"])
LINE = 25  # pixels


def options(page):
    return page.get_by_role("listbox").get_by_role("option")


PASTE = """(field, { html, plain }) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", plain ?? "");
  field.focus();
  const options = { clipboardData, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent("paste", options));
}"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style>
</head><body><h2>Before you come</h2><p class=MsoNormal>Please <b>eat nothing</b> for
<span style='color:red'>six</span> hours.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>
&nbsp;&nbsp; </span></span><![endif]>Bring a friend</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'>
<span style='mso-list:Ignore'>o </span>or a <a href="https://example.org/a_(b)">neighbor</a></p>
<p>H<sub>2</sub>O <u>only</u> <img src="file:///c:/x.png"></p></body></html>"""
DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">
<p dir="ltr"><span style="font-weight:700">Bold</span><span> and </span>
<span style="font-style:italic">slanted</span></p><ol><li dir="ltr"><p>First</p></li>
<ul><li><p>Within</p></li></ul><li><p>Second</p></li></ol></b>"""
SHEET = """<table><tr><td style="font-weight:bold">Group</td><td>Of 100</td></tr>
<tr><td>Spray</td><td>69|70</td></tr></table>"""
JOINED = (
    "Joined cells are taken apart: words that stood beside several rows stand in each of them; "
    "those above several columns stand in the first. Check the table."
)
PASTED = {
    "Word": (
        WORD,
        "### Before you come\n\nPlease **eat nothing** for six hours.\n\n- Bring a friend\n"
        "   - or a [neighbor](https://example.org/a_%28b%29)\n\nH2O only",
        "Left out of what you pasted: pictures. Now plain letters: lowered letters, underlines.",
    ),
    "Docs": (DOCS, "**Bold** and *slanted*\n\n1. First\n   - Within\n2. Second", ""),
    "Word's bold and italic": (
        "<p class=MsoNormal>She is <b style='mso-bidi-font-weight:normal'>tired</b>, "
        "<i style='mso-bidi-font-style:normal'>not ill</i>, <b><i>at all</i></b>, "
        "<b style='mso-bidi-font-weight:\nnormal'><span lang=EN-US>so</span></b><b>on</b>, "
        "<span style='mso-bidi-font-weight:bold;mso-bidi-font-style:italic'>plain</span>, "
        "<span style='font-weight:\n700'>all <b>at once</b></span>.</p>",
        "She is **tired**, *not ill*, ***at all***, **soon**, plain, **all at once**.",
        "",
    ),
    "bold and italic of Docs": (
        '<b style="font-weight:normal;" id="docs-internal-guid-2"><p dir="ltr">'
        '<span style="font-size:11pt;font-weight:700;font-style:normal;">Bold</span>'
        '<span style="font-size:11pt;font-weight:400;font-style:normal;"> plain </span>'
        '<span style="font-weight:400;font-style:italic;">slanted</span>'
        '<span style="font-weight:400;font-style:normal;"> and </span>'
        '<span style="font-weight:700;font-style:italic;">both</span></p></b>',
        "**Bold** plain *slanted* and ***both***",
        "",
    ),
    "a sheet": (SHEET, "| Group | Of 100 |\n|---|---|\n| Spray | 69\\|70 |", ""),
    "a page": (
        "<div>Once<br>and <a href='http://old.example/'>again</a></div><script>alert(1)</script>",
        "Once\nand again",
        "Left out of what you pasted: links that are not https.",
    ),
    "a dose that was changed": (
        "<p>Take <del>10</del><ins>20</ins> mg, <s>not <b>5</b></s>at once.</p>"
        "<p class=MsoNormal><span class=msoDel>Never 7</span></p>",
        "Take 20 mg, at once.",
        "Struck-out words are left out: “10”, “not 5”, “Never 7”.",
    ),
    "numbers with something struck out between": (
        "<p>10<strike> to </strike>20 mg, 1"
        "<span style='text-decoration: line-through'>.</span>5 ml, "
        "<b>3<del>x</del></b>4 times<del> a </del>daily, 7<img src=x>8</p>",
        "10 20 mg, 1 5 ml, **3** 4 times daily, 7 8",
        "Struck-out words are left out: “to”, “.”, “x” and 1 more."
        " Left out of what you pasted: pictures.",
    ),
    "whole blocks struck out": (
        "<ul><li><del>Old</del></li><li>New</li></ul><del><p>Gone</p><p>Too</p></del><h2><s>No</s></h2>",
        "- New",
        "Struck-out words are left out: “Old”, “GoneToo”, “No”.",
    ),
    "nothing that is not struck out": (
        "<p><s>Take 10 mg</s></p>",
        "",
        "Struck-out words are left out: “Take 10 mg”.",
    ),
    "a sheet with a struck-out cell": (
        "<html><head><style><!-- .xl65 {color:red; text-decoration:line-through;} --></style>"
        "</head><table><tr><td>Dose</td><td>mg</td></tr>"
        "<tr><td class=xl65>56</td><td>84</td></tr></table>",
        "| Dose | mg |\n|---|---|\n|  | 84 |",
        "Struck-out words are left out: “56”.",
    ),
    "cells that are joined downwards and to the right": (
        "<table><tr><th rowspan=2>Medicine</th><th colspan=2>Hours</th><th rowspan=2>Do</th></tr>"
        "<tr><th>before</th><th>after</th></tr>"
        "<tr><td rowspan=2>Sleep tablet</td><td>8</td><td>12</td><td>Do not take</td></tr>"
        "<tr><td>24</td><td rowspan=3>48</td><td>Allowed</td></tr>"
        "<tr><td colspan=2>None</td><td>|</td></tr></table>",
        "| Medicine | Hours |  | Do |\n|---|---|---|---|\n| Medicine | before | after | Do |\n"
        "| Sleep tablet | 8 | 12 | Do not take |\n| Sleep tablet | 24 | 48 | Allowed |\n"
        "| None |  | 48 | \\| |",
        JOINED,
    ),
    "cells that are joined more often than there are columns and rows": (
        "<table><thead><tr><td rowspan=9>Dose</td><td colspan=1000>mg</td></tr></thead>"
        "<tbody><tr><td rowspan=0>Low</td><td>5</td></tr><tr><td>7</td></tr></tbody></table>",
        "| Dose | mg |\n|---|---|\n| Low | 5 |\n| Low | 7 |",
        JOINED,
    ),
    "joined cells of one column": (
        "<table><tr><td rowspan=2>Once.</td></tr><tr></tr><tr><td>Twice.</td></tr></table>",
        "Once.\n\nTwice.",
        JOINED,
    ),
    "addresses that are encoded, or not": (
        "<p><a href='https://a.example/?q=a%26b&amp;at=10%3A30&amp;of=100%'>a</a> "
        "<a href='https://a.example/my%20file?é=ü#p%C3%A9'>b</a> "
        "<a href='https://a.example/?url=https%3A%2F%2Fb.example%2F%3Fq%3D%2541'>c</a> "
        "<a href='/search/?q=a%2Bb c'>d</a></p>",
        "[a](https://a.example/?q=a%26b&at=10%3A30&of=100%25) "
        "[b](https://a.example/my%20file?%C3%A9=%C3%BC#p%C3%A9) "
        "[c](https://a.example/?url=https%3A%2F%2Fb.example%2F%3Fq%3D%2541) "
        "[d](/search/?q=a%2Bb%20c)",
        "",
    ),
    "raised and lowered letters": (
        "10<sup>6</sup>5 cells, 3 mg/m<sup>2</sup>, the 1<sup>st</sup> of B<sub>12</sub>4,"
        " 2<span style='vertical-align:super'>8</span>, 10<sub>2</sub>",
        "10^6 5 cells, 3 mg/m^2, the 1st of B12 4, 2^8, 10 2",
        "Now plain letters: lowered letters. Raised letters are written ^6, ^2, ^8: check them.",
    ),
    "marks of notes": (
        "It helped 50<sup><a href='https://example.org/a#B3'>3</a></sup>, 40"
        "<a href='#_ftn1'>[1]</a>5 <span class=MsoCommentReference>"
        "<a class=msocomanchor href='#_msocom_1'>[JB1]</a></span>.",
        "It helped 50, 40 5 .",
        "Left out of what you pasted: marks of notes, comments.",
    ),
}


@pytest.mark.parametrize("name", PASTED)
def test_what_is_pasted_keeps_its_lists_links_and_tables(open_form, name):
    html, expected, told = PASTED[name]
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.evaluate(PASTE, {"html": html})
    expect(meaning).to_have_value(expected)
    expect(page.locator("#prose-pasted")).to_have_text(told)
    page.keyboard.press("Control+z")
    expect(meaning).to_have_value("")


@looks
def test_what_was_left_out_is_told_in_sight_of_a_long_text(open_form, axe, viewport, scheme):
    page = open_form("glossaryterm", viewport=viewport, color_scheme=scheme)
    meaning = page.get_by_label("Meaning:")
    meaning.evaluate("field => { field.style.blockSize = '200vh'; field.scrollIntoView(); }")
    meaning.evaluate(PASTE, {"html": "Take <del>10</del><ins>20</ins> mg"})
    told = page.locator("#prose-pasted")
    expect(told).to_be_in_viewport(ratio=1)
    expect(told).to_have_text("Struck-out words are left out: “10”.")
    meaning.press_sequentially(" [^zarate 2006")
    expect(options(page).first).to_contain_text("2006")
    expect(told).to_have_text("Struck-out words are left out: “10”.")
    axe(page, preload=False)
    page.keyboard.press("Escape")
    note = page.locator(".prose-pasted").bounding_box()
    text = page.locator(".prose").first
    text.evaluate("box => box.querySelector('.prose-measures').scrollIntoView({ block: 'end' })")
    end = page.locator(".prose-measures").first.bounding_box()
    assert end["y"] + end["height"] <= note["y"] or end["y"] >= note["y"] + note["height"]
    page.get_by_role("button", name="Close this note").click()
    expect(told).to_be_empty()
    expect(page.get_by_role("button", name="Close this note")).to_be_hidden()
    expect(meaning).to_be_focused()


def test_a_title_takes_no_struck_out_words_either(open_form):
    page = open_form("glossaryterm")
    term = page.get_by_label("Term:")
    pasted = {"html": "Dose <del>10</del><ins>20</ins> mg", "plain": "Dose 1020 mg"}
    term.evaluate(PASTE, pasted)
    expect(term).to_have_value("Dose 20 mg")
    expect(page.locator("#prose-pasted")).to_have_text("Struck-out words are left out: “10”.")


def test_bullets_that_are_pasted_as_plain_text_are_a_list(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.evaluate(PASTE, {"plain": "Bring:\n•\tA friend\n•\tWater"})
    expect(meaning).to_have_value("Bring:\n- A friend\n- Water")


def test_a_form_without_texts_of_that_kind_has_no_note_to_close(new_page, superuser):
    page = new_page(storage_state=superuser)
    page.goto("/admin/evidence/source/add/")
    expect(page.get_by_role("button", name="Close this note")).to_be_hidden()
