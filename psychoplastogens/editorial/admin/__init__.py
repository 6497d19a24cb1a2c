"""The admin of the editorial app. Django imports this package to register the model admins."""

from psychoplastogens.editorial.admin import model_admins

__all__ = ["model_admins"]
