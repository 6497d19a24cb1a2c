from django.contrib import admin
from django.urls import path

from psychoplastogens.content import admin_views

app_name = "prose"
# Under /admin/, before Django's own: for staff alone.
urlpatterns = [
    path("choices/<slug:kind>/", admin.site.admin_view(admin_views.prose_choices), name="choices"),
    path("measures/", admin.site.admin_view(admin_views.prose_measures), name="measures"),
]
