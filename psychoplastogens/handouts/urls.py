from django.urls import path

from psychoplastogens.editorial.models import get_page_models
from psychoplastogens.handouts import views

app_name = "handouts"
urlpatterns = [
    path(
        f"{model.route}handout.pdf",
        views.build_handout_view(model),
        name=f"{model._meta.model_name}_handout",
    )
    for model in get_page_models()
    if model.is_shareable and not model.url_parent
]
