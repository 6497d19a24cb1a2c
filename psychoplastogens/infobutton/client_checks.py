"""What `manage.py check` says of the keys of record systems."""

from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from psychoplastogens.infobutton.client_keys import get_record_systems


def check_record_system_keys(app_configs, **kwargs):
    """An error where the file of RECORD_SYSTEM_KEYS cannot be used."""
    try:
        get_record_systems()
    except ImproperlyConfigured as error:
        hint = "docs/deployment.md, Keys of record systems, shows the file."
        return [Error(str(error), hint=hint, id="understory.E130")]
    return []
