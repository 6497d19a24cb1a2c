from django import template

from psychoplastogens.editorial.admin.set_times import show_set_time
from psychoplastogens.editorial.models import ScheduledChange

register = template.Library()
register.filter("set_time", show_set_time)


@register.inclusion_tag("admin/_scheduled.html")
def scheduled_changes(record):
    """What is to happen to a record at a set time."""
    return {"waiting": ScheduledChange.objects.about(record).waiting()}
