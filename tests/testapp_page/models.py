from django.db import models

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.prose_model import ProsePage
from psychoplastogens.content.rendering.handout_sheet import MarkdownText, Sheet
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.editorial.models import Publishable, SearchGroup, SearchText


class FieldNote(ProsePage, Publishable):
    """A short text about something that was observed."""

    route = "field-notes/<slug:slug>/"
    url_name = "testapp_page:fieldnote_detail"
    in_changes = is_shareable = True
    search_group = SearchGroup("field-note", "Field notes", 1.0, order=9)
    template_name = "testapp_page/fieldnote_detail.html"
    frame_template = "testapp_page/_fieldnote.html"
    feed_text_field = "text"

    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=180)
    text = ProseField()

    class Meta(Publishable.Meta):
        ordering = ["title"]

    def get_search_text(self):
        return SearchText(self.title, summary=self.summary, prose=(self.text,))

    def get_context(self, depth=""):
        return {"note": self, "prose": ProseRenderer([self.text])}

    get_frame_context = get_context

    def build_sheet(self, parts=(), *, more=False):
        return Sheet(self, self, self.title, self.summary, blocks=[MarkdownText(self.text)])
