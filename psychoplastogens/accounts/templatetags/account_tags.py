from django import template

from psychoplastogens.accounts.roles import get_account_managers, get_second_factor_due
from psychoplastogens.accounts.second_factor import is_required_for

register = template.Library()


@register.simple_tag
def account_managers():
    """Active accounts that may give a role to others."""
    return get_account_managers()


@register.simple_tag(takes_context=True)
def second_factor_due(context):
    """From when on the account asks for a second factor, where it does not yet, or None."""
    user = context["request"].user
    due = get_second_factor_due(user)
    return due if due and not is_required_for(user) else None
