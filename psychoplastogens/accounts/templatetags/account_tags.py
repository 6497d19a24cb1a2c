from django import template

from psychoplastogens.accounts.roles import get_account_managers

register = template.Library()


@register.simple_tag
def account_managers():
    """Active accounts that may give a role to others."""
    return get_account_managers()
