from django.urls import path

from tests.testapp_page import views
from tests.testapp_page.models import FieldNote

app_name = "testapp_page"
urlpatterns = [path(FieldNote.route, views.fieldnote_detail, name="fieldnote_detail")]
