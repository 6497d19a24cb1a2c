"""Pages for clinicians without an account. The address holds a signed token."""

from django.urls import path

from psychoplastogens.editorial.review import views

app_name = "editorial"
urlpatterns = [
    path("review/<str:token>/", views.outside_review, name="outside_review"),
    path("review/<str:token>/page/<int:number>/", views.outside_page, name="outside_page"),
]
