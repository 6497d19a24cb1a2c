from django.urls import path

from psychoplastogens.clinics import views

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
]
