from django.urls import path

from psychoplastogens.search import views

app_name = "search"
urlpatterns = [
    path("es/", views.translations, name="translations"),
    path("search/", views.search, name="search"),
    path("search/fragment/", views.search_results, name="search_results"),
    path("search/suggestions/fragment/", views.search_suggestions, name="search_suggestions"),
]
