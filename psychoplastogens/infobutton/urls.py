from django.urls import path

from psychoplastogens.infobutton import cds_views, views

app_name = "infobutton"
urlpatterns = [
    path("connect/", views.connect, name="connect"),
    path("connect/fragment/", views.connect_results, name="connect_results"),
    path("connect/service", views.connect_service, name="connect_service"),
    path("connect/application", views.connect_application, name="connect_application"),
    # The paths of MedlinePlus Connect, old and new: a record system that uses it changes the host
    # and nothing else.
    path("service", views.connect_service),
    # A client or proxy may add a slash; a redirect would lose what is posted.
    *(path(f"{prefix}service/", views.connect_service) for prefix in ("connect/", "")),
    *(path(f"{prefix}application/", views.connect_application) for prefix in ("connect/", "")),
    path("application", views.connect_application),
    # Their names are those of CDS Hooks.
    *(path(f"cds-services{end}", cds_views.cds_services) for end in ("", "/")),
    *(
        path(f"cds-services/{name}{end}", view)
        for name, view in cds_views.SERVICE_VIEWS.items()
        for end in ("", "/")
    ),
    path("medlineplus/services/mpconnect_service.cfm", views.connect_service),
    path("medlineplus/services/mpconnect.cfm", views.connect_application),
]
