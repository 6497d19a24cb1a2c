from django import template

from psychoplastogens.editorial.workflow import check_rules

register = template.Library()
register.filter("format_rule", check_rules.format_rule)
