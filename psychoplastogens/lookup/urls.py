from django.urls import path

from psychoplastogens.lookup import views

app_name = "lookup"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/fragment/", views.search_results, name="search_results"),
]
