"""Help texts of admin forms: how to write prose."""

from django.utils.html import format_html, format_html_join

from psychoplastogens.content.rendering import markdown

# Shown once per form, not at each field.
PROSE_HELP = format_html(
    "In the longer texts an empty line begins a paragraph, <code>- </code> a list, and "
    "<code>**two stars**</code> make bold. Besides:<br>"
    "<code>[^slug]</code> cites a source; <code>[^slug:animals]</code> also says in whom it was "
    "seen (people, animals, cells).<br>"
    "<code>[[synapse]]</code> opens a glossary term; <code>[[synapse|synapses]]</code> shows "
    "other words.<br>"
    "<code>[[part:nmda|this lock]]</code>, in a step of a walkthrough, shows a part of its picture "
    "and greys the rest; saving names the parts that it can show.<br>"
    "<code>{{{{finding:slug}}}}</code> on a line of its own draws a number; "
    "<code>{{{{finding:slug|sentence}}}}</code> puts it into the text.<br>"
    "<code>{{{{status:slug}}}}</code> says where a medicine stands: “not FDA approved as of April "
    "2026”, with its source. It tells the US row under “Status by country” that has the medicine’s "
    "own standing and date; while readers may read none, the sentence goes on with other words.<br>"
    "<code>:::call-clinic</code> to <code>:::</code>, each on a line of its own, is a box. "
    "There are: {}.",
    format_html_join(", ", "<code>{}</code>", [(name,) for name in markdown.CALLOUTS]),
)


def first_fieldset(*fields):
    """The first fieldset of a form: what readers see first, with the help on prose."""
    return ("What readers see first", {"description": PROSE_HELP, "fields": fields})
