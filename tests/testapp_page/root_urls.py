"""The addresses of the site with those of the test app before them."""

from django.urls import include, path

from psychoplastogens import urls
from psychoplastogens.urls import handler400, handler404, handler500

__all__ = ["handler400", "handler404", "handler500"]
urlpatterns = [path("", include("tests.testapp_page.urls")), *urls.urlpatterns]
