from django.urls import path

from psychoplastogens.handouts import views

app_name = "handouts"
urlpatterns = [
    path("compounds/<slug:slug>/handout.pdf", views.compound_handout, name="compound_handout"),
    path("conditions/<slug:slug>/handout.pdf", views.condition_handout, name="condition_handout"),
    path("explainers/<slug:slug>/handout.pdf", views.explainer_handout, name="explainer_handout"),
    path("questions/<slug:slug>/handout.pdf", views.faq_handout, name="faq_handout"),
    path("<slug:slug>/handout.pdf", views.walkthrough_handout, name="walkthrough_handout"),
]
