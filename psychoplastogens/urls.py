"""Every address of the site. Public addresses never change: see README.md."""

from django.contrib import admin
from django.urls import include, path

from psychoplastogens.delivery import metrics_views
from psychoplastogens.delivery import views as delivery

handler400 = delivery.bad_request
handler404 = delivery.not_found
handler500 = delivery.server_error

urlpatterns = [
    path("", include("psychoplastogens.content.urls")),
    path("", include("psychoplastogens.search.urls")),
    path("", include("psychoplastogens.infobutton.urls")),
    path("", include("psychoplastogens.short_links.urls")),
    path("", include("psychoplastogens.embeds.urls")),
    path("", include("psychoplastogens.handouts.urls")),
    path("", include("psychoplastogens.clinics.urls")),
    path("healthz", delivery.healthz),
    path("readyz", delivery.readyz),
    path("metrics", metrics_views.metrics),
    path("robots.txt", delivery.robots_txt),
    path("favicon.ico", delivery.icon, {"name": "favicon.ico"}),
    path("apple-touch-icon.png", delivery.icon, {"name": "apple-touch-icon.png"}),
    path("admin/", include("psychoplastogens.accounts.urls")),
    path("admin/", include("psychoplastogens.editorial.admin_urls")),
    path("admin/prose/", include("psychoplastogens.content.admin_urls")),
    path("admin/", admin.site.urls),
    path("", include("psychoplastogens.editorial.review.urls")),
    path("", include("psychoplastogens.walkthrough.urls")),
]
