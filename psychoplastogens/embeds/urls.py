from django.urls import path

from psychoplastogens.embeds import frames, views

app_name = "embeds"
urlpatterns = [
    path("oembed/", views.oembed_answer, name="oembed"),
    # An address that begins with a slug would also match the addresses of other models.
    *(
        path(
            f"{frames.FRAME_PREFIX.strip('/')}/{model.route}",
            views.build_frame_view(model),
            name=f"{model._meta.model_name}_frame",
        )
        for model in sorted(frames.get_frameable_models(), key=lambda m: m.route.startswith("<"))
    ),
]
