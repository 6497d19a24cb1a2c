"""What happens beside a change of a password."""

from django.utils.translation import gettext

from psychoplastogens.accounts.models import AccountEvent


class ChangesAreRecorded:
    """One of AUTH_PASSWORD_VALIDATORS, which Django tells of every change, wherever it is made."""

    def validate(self, password, user=None):
        """Any password will do here: others judge it."""

    def get_help_text(self):
        return gettext("A change ends all other sessions of the account, and is recorded.")

    def password_changed(self, password, user=None):
        AccountEvent.objects.record(AccountEvent.Kind.PASSWORD, user, "Password set")
