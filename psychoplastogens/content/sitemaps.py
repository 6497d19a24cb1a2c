"""sitemap.xml. Other apps add their pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.urls import reverse

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, GlossaryTerm
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.evidence.models import Source

STATIC_URL_NAMES = (
    *("home", "explainer_list", "compound_list", "condition_list", "faq_list", "glossary_list"),
    *("claim_list", "source_list", "help_now", "about", "about_review", "privacy"),
    *("accessibility", "change_list"),
)


class SiteSitemap(Sitemap):
    """Pages at SITE_ORIGIN, whatever host was asked."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_ORIGIN).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_ORIGIN).netloc


class StaticSitemap(SiteSitemap):
    """Pages that are no records, by the names of their URLs."""

    def __init__(self, *url_names):
        self.url_names = url_names

    def items(self):
        return self.url_names

    def location(self, item):
        return reverse(item)


class RecordSitemap(SiteSitemap):
    """The published records of a model, by slug; an item is (slug, date of the last change)."""

    def __init__(self, model, url_name):
        self.model, self.url_name = model, url_name

    def items(self):
        return list(self.model.objects.published().slugs_and_dates())

    def location(self, item):
        return reverse(self.url_name, args=[item[0]])

    def lastmod(self, item):
        return item[1]


class RecordAndPartsSitemap(SiteSitemap):
    """The published records of a model and their parts; an item is (page, date of the record)."""

    def __init__(self, model, parts):
        self.model, self.parts = model, parts

    def items(self):
        records = self.model.objects.published().prefetch_related(self.parts)
        return [
            (page, record.changed_on)
            for record in records
            for page in (record, *getattr(record, self.parts).all())
        ]

    def location(self, item):
        return item[0].get_absolute_url()

    def lastmod(self, item):
        return item[1]


_sitemaps = {
    "content": StaticSitemap(*(f"content:{name}" for name in STATIC_URL_NAMES)),
    "compounds": RecordSitemap(Compound, "content:compound_detail"),
    "conditions": RecordSitemap(Condition, "content:condition_detail"),
    "faqs": RecordSitemap(Faq, "content:faq_detail"),
    "glossary": RecordSitemap(GlossaryTerm, "content:glossary_detail"),
    "sources": RecordSitemap(Source, "content:source_detail"),
    "explainers": RecordAndPartsSitemap(Explainer, "sections"),
}


def register_sitemap(section, sitemap):
    """Add the pages of a SiteSitemap under the name of a section."""
    _sitemaps[section] = sitemap


def get_listed_paths():
    """The paths of all pages in the sitemap, with one query per model."""
    return {sitemap.location(item) for sitemap in _sitemaps.values() for item in sitemap.items()}


@public_page()
def sitemap(request):
    """sitemap.xml: every page that search engines may list."""
    return views.sitemap(request, _sitemaps, template_name="content/sitemap.xml")
