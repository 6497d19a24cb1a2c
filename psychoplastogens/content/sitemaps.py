"""sitemap.xml: every page that search engines may list."""

from functools import cache
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from psychoplastogens.content.models import Translation
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.content.translations import list_translations, map_alternates
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.delivery.pagination import ShortListPaginator
from psychoplastogens.editorial.models import Page, get_page_models

STATIC_URL_NAMES = (
    *("home", "explainer_list", "compound_list", "condition_list", "faq_list", "glossary_list"),
    *("claim_list", "source_list", "help_now", "about", "about_review", "privacy"),
    *("accessibility", "change_list"),
)


MAX_PAGES_IN_FILE = 5_000


class SiteSitemap(Sitemap):
    """Pages at SITE_ORIGIN, whatever host was asked."""

    limit = MAX_PAGES_IN_FILE
    get_alternates = staticmethod(map_alternates)
    """Asked once for all sections of a sitemap."""

    def get_urls(self, *args, **kwargs):
        """With those of the same page in other languages as `alternates`, as Django has them."""
        urls, alternates = super().get_urls(*args, **kwargs), self.get_alternates()
        for url in urls:
            path = url["location"].removeprefix(settings.SITE_ORIGIN)
            url["alternates"] = [
                {"lang_code": code, "location": build_absolute_url(one)}
                for code, one in alternates.get(path, {}).items()
            ]
        return urls

    @cached_property
    def paginator(self):
        return ShortListPaginator(self.items(), self.limit)

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
    """The published pages of a model, all in one query.

    An item is (day of the last change of meaning, day of writing, slug, ...), the slug of the
    record before that of a part.
    """

    def __init__(self, model):
        self.model = model

    def items(self):
        model, record = self.model, ""
        if model.url_parent:
            record = f"{model.url_parent}__"
            published = model.get_owner_model().objects.published()
            pages = model.objects.filter(**{f"{model.url_parent}__in": published})
            pages = pages.order_by(f"{record}slug", "order", "slug")
        else:
            pages = model.objects.published().order_by("slug")
        slugs = [f"{record}slug", "slug"] if record else ["slug"]
        return pages.values_list(f"{record}updated_on", f"{record}written_on", *slugs)

    def location(self, item):
        return self.model.get_path(*item[2:])

    def lastmod(self, item):
        return item[0] or item[1]


class OtherViewSitemap(SiteSitemap):
    """Other pages that show a record. An item is (record, path)."""

    def __init__(self, model):
        self.model = model

    def items(self):
        pages = self.model.objects.published().with_other_views()
        return [(page, path) for page in pages for path, _found in page.get_other_views()]

    def location(self, item):
        return item[1]

    def lastmod(self, item):
        return item[0].updated_on or item[0].written_on


class TranslationSitemap(SiteSitemap):
    """Pages in another language than that of the site."""

    def items(self):
        languages = [code for code, _name in settings.TRANSLATION_LANGUAGES]
        return [text for language in languages for text in list_translations(language)]

    def lastmod(self, item):
        return item.changed_on


def build_sitemaps():
    """{section: Sitemap}. Apps name other pages in `sitemap_url_names` of their AppConfig."""
    sitemaps = {"content": StaticSitemap(*(f"content:{name}" for name in STATIC_URL_NAMES))}
    sitemaps["translations"] = TranslationSitemap()
    models = [m for m in get_page_models() if m.has_own_page and m is not Translation]
    for model in sorted(models, key=lambda model: bool(model.page_parts or model.url_parent)):
        sitemaps[model._meta.label_lower.replace(".", "-")] = PageSitemap(model)
        if model.get_other_views is not Page.get_other_views:
            sitemaps[f"{model._meta.model_name}-views"] = OtherViewSitemap(model)
    for config in apps.get_app_configs():
        if url_names := getattr(config, "sitemap_url_names", ()):
            sitemaps[config.label] = StaticSitemap(*url_names)
    get_alternates = cache(map_alternates)
    for one in sitemaps.values():
        one.get_alternates = get_alternates
    return sitemaps


def get_listed_paths():
    """The paths of all pages in the sitemap, with one query per model."""
    return {
        sitemap.location(item) for sitemap in build_sitemaps().values() for item in sitemap.items()
    }


@public_page()
def sitemap(request):
    """All pages in one file; where they are too many, an index of one file for each section."""
    sitemaps = build_sitemaps()
    if sum(one.paginator.count for one in sitemaps.values()) <= MAX_PAGES_IN_FILE:
        return views.sitemap(request, sitemaps, template_name="content/sitemap.xml")
    files = [
        build_absolute_url(reverse("content:sitemap_section", args=[name]) + query)
        for name, one in sitemaps.items()
        for query in ["", *(f"?p={n}" for n in one.paginator.page_range[1:])]
    ]
    context = {"files": files}
    return render(request, "content/sitemap_index.xml", context, content_type="application/xml")


@public_page("p")
def sitemap_section(request, section):
    return views.sitemap(
        request, build_sitemaps(), section=section, template_name="content/sitemap.xml"
    )
