"""For clinicians without an account: the address holds the signed key of a ReviewLink."""

from django.urls import path

from psychoplastogens.editorial import views

app_name = "editorial"
urlpatterns = [
    path("review/<str:token>/", views.outside_review, name="outside_review"),
    path("review/<str:token>/page/<int:number>/", views.outside_page, name="outside_page"),
]
