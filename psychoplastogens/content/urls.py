from django.urls import path

from psychoplastogens.content import feeds, sitemaps, views
from psychoplastogens.content.models import (
    Compound,
    Condition,
    Decision,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
    Translation,
)
from psychoplastogens.evidence.models import Source

app_name = "content"
urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_now, name="help_now"),
    path("explainers/", views.explainer_list, name="explainer_list"),
    path(Explainer.route, views.explainer_detail, name="explainer_detail"),
    path("explainers/<slug:slug>/all/", views.explainer_all, name="explainer_all"),
    path(Section.route, views.section_detail, name="section_detail"),
    path("compounds/", views.compound_list, name="compound_list"),
    path("compounds/compare/", views.compound_compare, name="compound_compare"),
    path(Compound.route, views.compound_detail, name="compound_detail"),
    path("compounds/<slug:slug>/numbers/", views.compound_numbers, name="compound_numbers"),
    path("conditions/", views.condition_list, name="condition_list"),
    path(Condition.route, views.condition_detail, name="condition_detail"),
    path("conditions/<slug:slug>/numbers/", views.condition_numbers, name="condition_numbers"),
    path(Decision.route, views.decision_detail, name="decision_detail"),
    path("questions/", views.faq_list, name="faq_list"),
    path("questions/fragment/", views.faq_results, name="faq_results"),
    path(Faq.route, views.faq_detail, name="faq_detail"),
    path("ask/", views.ask, name="ask"),
    path("glossary/", views.glossary_list, name="glossary_list"),
    path(GlossaryTerm.route, views.glossary_detail, name="glossary_detail"),
    path("glossary/<slug:slug>/fragment/", views.glossary_fragment, name="glossary_fragment"),
    path("claims/", views.claim_list, name="claim_list"),
    path("claims/fragment/", views.claim_results, name="claim_results"),
    path("sources/", views.source_list, name="source_list"),
    path(Source.route, views.source_detail, name="source_detail"),
    path("about/", views.about, name="about"),
    path("about/review/", views.about_review, name="about_review"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("changes/", views.change_list, name="change_list"),
    path("changes/feed/", feeds.change_feed, name="change_feed"),
    path(Translation.route, views.translation_detail, name="translation_detail"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap_section, name="sitemap_section"),
]
