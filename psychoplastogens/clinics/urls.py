from django.urls import path

from psychoplastogens.clinics import (
    invitation_views,
    list_views,
    print_views,
    sign_up_views,
    views,
    visit_views,
)
from psychoplastogens.editorial.models import get_page_models

app_name = "clinics"
urlpatterns = [
    path("c/", views.no_clinic_named),
    path("c/<slug:clinic>/", views.clinic_detail, name="clinic_detail"),
    path("c/<slug:clinic>/logo/<uuid:key>.png", views.clinic_logo, name="clinic_logo"),
    path("c/<slug:clinic>/<slug:pack>/", views.pack_detail, name="pack_detail"),
    path("c/<slug:clinic>/<slug:pack>/<int:number>/", views.item_detail, name="item_detail"),
    path("c/<slug:clinic>/<slug:pack>/handout.pdf", views.pack_handout, name="pack_handout"),
    path("c/<slug:clinic>/<slug:pack>/visit/", visit_views.pack_visit),
    path("for-clinics/", list_views.for_clinics, name="for_clinics"),
    path("for-clinics/join/", sign_up_views.join, name="join"),
    path("for-clinics/invited/<str:token>/", invitation_views.invited, name="invited"),
    path("for-clinics/join/<str:token>/", sign_up_views.join_confirm, name="join_confirm"),
    path("clinics/", list_views.builder, name="builder"),
    path("clinics/fragment/", list_views.builder_fragment, name="builder_fragment"),
    path("clinics/hand-out/", list_views.builder_done, name="builder_done"),
    path("list/<slug:codes>/", list_views.list_detail, name="list_detail"),
    path("LIST/<slug:codes>/", list_views.list_detail),
    path("list/<slug:codes>/handout.pdf", list_views.list_handout, name="list_handout"),
    path("list/<slug:codes>/handout/clinic/", print_views.list_printed_contact),
    path("list/<slug:codes>/visit/", visit_views.list_visit),
    path("list/<slug:codes>/hand-out/", list_views.list_hand_out, name="list_hand_out"),
    path(
        "list/<slug:codes>/hand-out/short-link/",
        list_views.list_short_link,
        name="list_short_link",
    ),
    path("list/<slug:codes>/hand-out/email/", list_views.list_email, name="list_email"),
    path("list/<slug:codes>/hand-out/qr.svg", list_views.list_qr, {"kind": "svg"}),
    path("list/<slug:codes>/hand-out/qr.png", list_views.list_qr, {"kind": "png"}),
    path("list/<slug:codes>/hand-out/labels.pdf", list_views.list_labels),
    path("list/<slug:codes>/hand-out/poster/", list_views.list_poster, name="list_poster"),
    *(
        path(f"{model.route}handout/{name}/", build_view(model))
        for model in get_page_models()
        if model.is_shareable and not model.url_parent
        for name, build_view in (
            ("clinic", print_views.build_printed_contact_view),
            ("copies", list_views.build_copies_view),
        )
    ),
]
