"""For machines that follow the site: the feed of changes, and the sitemap."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from psychoplastogens.content.changes import changes as latest_changes
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, GlossaryTerm
from psychoplastogens.content.structured import absolute
from psychoplastogens.delivery.addresses import public
from psychoplastogens.delivery.xml import in_xml
from psychoplastogens.evidence.models import Source

LISTS = (
    *("home", "explainer_list", "compound_list", "condition_list", "faq_list", "glossary_list"),
    *("claim_list", "source_list", "help_now", "about", "about_review", "privacy"),
    *("accessibility", "change_list"),
)


_listers = []


def list_pages(lister):
    """For rooms above this one: `lister()` gives (path, date of the last change) of their pages."""
    _listers.append(lister)


class ChangeFeed(Feed):
    """Atom (RFC 4287): an entry for each change, with an id that outlives renames."""

    feed_type = Atom1Feed

    def title(self):
        return _("%(site)s: what changed") % {"site": settings.SITE_NAME}

    def link(self):
        return absolute(reverse("content:change_list"))

    def feed_url(self):
        return absolute(reverse("content:change_feed"))

    def items(self):
        return latest_changes()

    def item_title(self, change):
        return in_xml(change.title)

    def item_description(self, change):
        return in_xml(change.note)

    def item_link(self, change):
        return absolute(change.address)

    def item_guid(self, change):
        withdrawn = "-withdrawn" if change.is_withdrawn else ""
        return f"urn:uuid:{change.key}#{change.on}{withdrawn}"

    def item_updateddate(self, change):
        return datetime.combine(change.on, time.min, UTC)


@public()
def changes(request):
    response = ChangeFeed()(request)
    return response


def addresses():
    """(path, date of the last change) of every page, from one query for each kind."""
    found = [(reverse(f"content:{name}"), None) for name in LISTS]
    for model, name in (
        (Compound, "compound_detail"),
        (Condition, "condition_detail"),
        (Faq, "faq_detail"),
        (GlossaryTerm, "glossary_detail"),
        (Source, "source_detail"),
    ):
        found += [
            (reverse(f"content:{name}", args=[slug]), changed)
            for slug, changed in model.objects.published().slugs_and_dates()
        ]
    for explainer in Explainer.objects.published().with_sections():
        found.append((explainer.get_absolute_url(), explainer.changed_on))
        for section in explainer.sections.all():
            found.append(
                (
                    reverse("content:section_detail", args=[explainer.slug, section.slug]),
                    explainer.changed_on,
                )
            )
    for lister in _listers:
        found += lister()
    return found


@public()
def sitemap(request):
    """Every page that may be found by a search engine."""
    context = {"origin": settings.SITE_ORIGIN, "addresses": addresses()}
    return render(request, "content/sitemap.xml", context, content_type="application/xml")
