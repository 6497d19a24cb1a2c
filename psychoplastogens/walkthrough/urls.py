"""Walkthroughs stand at the top level, so these addresses come after all others."""

from django.urls import path

from psychoplastogens.walkthrough import views
from psychoplastogens.walkthrough.models import Step, Walkthrough

app_name = "walkthrough"
urlpatterns = [
    path(Walkthrough.route, views.walkthrough_detail, name="walkthrough_detail"),
    path("<slug:slug>/all/", views.walkthrough_all, name="walkthrough_all"),
    path("<slug:slug>/chain/", views.chain_detail, name="chain_detail"),
    path("<slug:slug>/chain/fragment/", views.chain_fragment, name="chain_fragment"),
    path("<slug:slug>/clock/", views.clock_detail, name="clock_detail"),
    path("<slug:slug>/clock/fragment/", views.clock_fragment, name="clock_fragment"),
    path("<slug:slug>/say-it-back/", views.say_it_back, name="say_it_back"),
    path("<slug:slug>/say-it-back/fragment/", views.say_it_back_fragment, name="cards_fragment"),
    path("<slug:slug>/picture/fragment/", views.opening_fragment, name="opening_fragment"),
    path(Step.route, views.step_detail, name="step_detail"),
    path("<slug:slug>/<slug:step>/fragment/", views.step_fragment, name="step_fragment"),
    path("<slug:slug>/<slug:step>/guess/fragment/", views.guess_fragment, name="guess_fragment"),
    path(
        "<slug:slug>/<slug:step>/picture/fragment/", views.picture_fragment, name="picture_fragment"
    ),
    path("<slug:slug>/<slug:step>/check/fragment/", views.check_fragment, name="check_fragment"),
    path("<slug:slug>/<slug:step>/growth/fragment/", views.growth_fragment, name="growth_fragment"),
]
