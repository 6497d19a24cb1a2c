"""sitemap.xml. Other apps add their pages."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, GlossaryTerm
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.evidence.models import Source

STATIC_URL_NAMES = (
    *("home", "explainer_list", "compound_list", "condition_list", "faq_list", "glossary_list"),
    *("claim_list", "source_list", "help_now", "about", "about_review", "privacy"),
    *("accessibility", "change_list"),
)


_page_providers = []


def register_sitemap_pages(provider):
    """Add pages to the sitemap: `provider()` returns (path, date of the last change or None)."""
    _page_providers.append(provider)


def get_sitemap_entries():
    """(path, date of the last change or None) of every page, with one query per model."""
    found = [(reverse(f"content:{name}"), None) for name in STATIC_URL_NAMES]
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
    for provider in _page_providers:
        found += provider()
    return found


@public_page()
def sitemap(request):
    """sitemap.xml: every page that search engines may list."""
    context = {"origin": settings.SITE_ORIGIN, "addresses": get_sitemap_entries()}
    return render(request, "content/sitemap.xml", context, content_type="application/xml")
