from django.urls import path

from psychoplastogens.short_links import views

app_name = "short_links"
urlpatterns = [
    path("s/", views.short_link_entry, name="short_link_entry"),
    path("s/<str:code>/", views.short_link, name="short_link"),
    # Typed from paper, or read by a camera: QR codes hold capitals in less room.
    path("s/<str:code>", views.short_link),
    path("S/<str:code>", views.short_link),
    path("S/<str:code>/", views.short_link),
]
