"""Help texts of admin forms: how to write prose."""

from django.utils.html import format_html, format_html_join

from psychoplastogens.content.rendering import markdown

# Shown once per form, not at each field.
PROSE_HELP = format_html(
    "<details><summary>How to write a text</summary>"
    "The longer texts have buttons for headings, lists, bold, italics and links. An empty line "
    "begins a paragraph. Type one of these signs, then a few letters of what you look for, and "
    "choose from the list:<br>"
    "<code>[^</code> a source, by title, author or year. Its mark says in whom it was seen: "
    "<code>[^slug:animals]</code>.<br>"
    "<code>[[</code> a glossary term, by name or synonym. <code>[[synapse|synapses]]</code> shows "
    "other words.<br>"
    "<code>[[part:nmda|this lock]]</code>, in a step of a walkthrough, shows a part of its picture "
    "and greys the rest; saving names the parts that it can show.<br>"
    "<code>{{{{</code> a number: its picture on a line of its own, its sentence, or one of its two "
    "counts. Or the legal status of a medicine: “not FDA approved as of April 2026”, with its "
    "source. It tells the US row under “Status by country” that has the medicine’s own standing "
    "and date; while readers may read none, the sentence goes on with other words.<br>"
    "<code>:::</code> at the start of a line: a box, which ends with <code>:::</code>. There are: "
    "{}.<br>"
    "<code>/</code> a link to a page.</details>",
    format_html_join(", ", "<code>{}</code>", [(name,) for name in markdown.CALLOUTS]),
)


def first_fieldset(*fields):
    """The first fieldset of a form: what readers see first, with the help on prose."""
    return ("What readers see first", {"description": PROSE_HELP, "fields": fields})
