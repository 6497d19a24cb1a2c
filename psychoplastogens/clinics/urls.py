from django.urls import path

from psychoplastogens.clinics import list_views, views
from psychoplastogens.clinics.embedding import views as embedding
from psychoplastogens.clinics.handouts import views as handouts

app_name = "clinics"
urlpatterns = [
    path("c/", views.no_clinic_named),
    path("c/<slug:clinic>/", views.clinic_detail, name="clinic_detail"),
    path("c/<slug:clinic>/<slug:pack>/", views.pack_detail, name="pack_detail"),
    path("c/<slug:clinic>/<slug:pack>/<int:number>/", views.item_detail, name="item_detail"),
    path("s/", views.short_link_entry, name="short_link_entry"),
    path("s/<str:code>/", views.short_link, name="short_link"),
    # Typed from paper, or read by a camera: QR codes hold capitals in less room.
    path("s/<str:code>", views.short_link),
    path("S/<str:code>", views.short_link),
    path("S/<str:code>/", views.short_link),
    path("for-clinics/", list_views.for_clinics, name="for_clinics"),
    path("clinics/", list_views.builder, name="builder"),
    path("clinics/fragment/", list_views.builder_fragment, name="builder_fragment"),
    path("clinics/hand-out/", list_views.builder_done, name="builder_done"),
    path("list/<slug:codes>/", list_views.list_detail, name="list_detail"),
    path("LIST/<slug:codes>/", list_views.list_detail),
    path("list/<slug:codes>/hand-out/", list_views.list_hand_out, name="list_hand_out"),
    path("list/<slug:codes>/hand-out/email/", list_views.list_email, name="list_email"),
    path("list/<slug:codes>/hand-out/qr.svg", list_views.list_qr, {"kind": "svg"}),
    path("list/<slug:codes>/hand-out/qr.png", list_views.list_qr, {"kind": "png"}),
    path("list/<slug:codes>/hand-out/poster/", list_views.list_poster, name="list_poster"),
    path("oembed/", embedding.oembed_answer, name="oembed"),
    path(
        "embed/explainers/<slug:slug>/<slug:section>/",
        embedding.section_frame,
        name="section_frame",
    ),
    path("embed/<slug:slug>/", embedding.walkthrough_frame, name="walkthrough_frame"),
    path("embed/<slug:slug>/<slug:step>/", embedding.step_frame, name="step_frame"),
    path("list/<slug:codes>/handout.pdf", handouts.list_handout, name="list_handout"),
    path("c/<slug:clinic>/<slug:pack>/handout.pdf", handouts.pack_handout, name="pack_handout"),
    path("compounds/<slug:slug>/handout.pdf", handouts.compound_handout, name="compound_handout"),
    path(
        "conditions/<slug:slug>/handout.pdf", handouts.condition_handout, name="condition_handout"
    ),
    path(
        "explainers/<slug:slug>/handout.pdf", handouts.explainer_handout, name="explainer_handout"
    ),
    path("questions/<slug:slug>/handout.pdf", handouts.faq_handout, name="faq_handout"),
    path("<slug:slug>/handout.pdf", handouts.walkthrough_handout, name="walkthrough_handout"),
]
