"""The Atom feed of changes."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from psychoplastogens.content.changes import get_changes, get_start_of_day
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.delivery.characters import replace_invalid_xml_characters
from psychoplastogens.delivery.decorators import public_page


class ChangeFeed(Feed):
    """Atom (RFC 4287): an entry per change, with an id that survives a change of slug.

    Two changes of a page on one day are two entries, as their moments differ.
    """

    feed_type = Atom1Feed

    def title(self):
        return _("%(site)s: what changed") % {"site": settings.SITE_NAME}

    def link(self):
        return build_absolute_url(reverse("content:change_list"))

    def feed_url(self):
        return build_absolute_url(reverse("content:change_feed"))

    def author_name(self):
        return settings.SITE_NAME

    def items(self):
        return get_changes()

    def item_title(self, change):
        return replace_invalid_xml_characters(change.title)

    def item_description(self, change):
        return replace_invalid_xml_characters(change.note)

    def item_link(self, change):
        return build_absolute_url(change.address)

    def item_guid(self, change):
        moment = change.at.isoformat() if change.at else change.on
        withdrawn = "-withdrawn" if change.is_withdrawn else ""
        return f"urn:uuid:{change.key}#{moment}{withdrawn}"

    def item_updateddate(self, change):
        return change.at or get_start_of_day(change.on)


@public_page()
def change_feed(request):
    return ChangeFeed()(request)
