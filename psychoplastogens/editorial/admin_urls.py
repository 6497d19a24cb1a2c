from django.contrib import admin
from django.urls import path

from psychoplastogens.editorial.admin.views.record_search import search_records
from psychoplastogens.editorial.admin.views.tasks import list_tasks, mark_news_as_read

app_name = "tasks"
# Under /admin/, before Django's own: for staff alone.
urlpatterns = [
    path("tasks/read/", admin.site.admin_view(mark_news_as_read), name="read"),
    path("tasks/<slug:key>/", admin.site.admin_view(list_tasks), name="list"),
    path("find/", admin.site.admin_view(search_records), name="search"),
]
