"""sitemap.xml: every page that search engines may list."""

from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.urls import reverse

from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.editorial.models import get_page_models

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


class PageSitemap(SiteSitemap):
    """The published pages of a model; an item is (path, date of the last change)."""

    def __init__(self, model):
        self.model = model

    def items(self):
        return list(self.model.objects.iter_sitemap_entries())

    def location(self, item):
        return item[0]

    def lastmod(self, item):
        return item[1]


def build_sitemaps():
    """{section: Sitemap}. Records come before those with pages of their own below them.

    Apps name their other pages in `sitemap_url_names` of their AppConfig.
    """
    sitemaps = {"content": StaticSitemap(*(f"content:{name}" for name in STATIC_URL_NAMES))}
    models = [model for model in get_page_models() if model.has_own_page and not model.url_parent]
    for model in sorted(models, key=lambda model: bool(model.page_parts)):
        sitemaps[model._meta.label_lower] = PageSitemap(model)
    for config in apps.get_app_configs():
        if url_names := getattr(config, "sitemap_url_names", ()):
            sitemaps[config.label] = StaticSitemap(*url_names)
    return sitemaps


def get_listed_paths():
    """The paths of all pages in the sitemap, with one query per model."""
    return {
        sitemap.location(item) for sitemap in build_sitemaps().values() for item in sitemap.items()
    }


@public_page()
def sitemap(request):
    return views.sitemap(request, build_sitemaps(), template_name="content/sitemap.xml")
