from django.urls import path

from psychoplastogens.embeds import views

app_name = "embeds"
urlpatterns = [
    path("oembed/", views.oembed_answer, name="oembed"),
    path("embed/explainers/<slug:slug>/<slug:section>/", views.section_frame, name="section_frame"),
    path("embed/<slug:slug>/", views.walkthrough_frame, name="walkthrough_frame"),
    path("embed/<slug:slug>/<slug:step>/", views.step_frame, name="step_frame"),
]
