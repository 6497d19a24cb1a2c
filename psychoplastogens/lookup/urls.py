from django.urls import path

from psychoplastogens.lookup import views
from psychoplastogens.lookup.infobutton import views as infobutton

app_name = "lookup"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/fragment/", views.search_results, name="search_results"),
    path("connect/", infobutton.connect, name="connect"),
    path("connect/fragment/", infobutton.connect_results, name="connect_results"),
    path("connect/service", infobutton.connect_service, name="connect_service"),
    path("connect/application", infobutton.connect_application, name="connect_application"),
    # Where MedlinePlus Connect answers, now and before: a record system that was made for it
    # changes the name of the host and nothing else.
    path("service", infobutton.connect_service),
    path("application", infobutton.connect_application),
    path("medlineplus/services/mpconnect_service.cfm", infobutton.connect_service),
    path("medlineplus/services/mpconnect.cfm", infobutton.connect_application),
]
