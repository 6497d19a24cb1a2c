"""What Django and axes lack: account events, invitations, first passwords, recovery codes, mail.

And the identities at a provider of single sign-on that open accounts.
"""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin


class AccountEventQuerySet(models.QuerySet):
    def record(self, kind, user, what, *, by=None):
        """Record that `by` (None: a management command) did `what` to `user`."""
        name = by.get_username() if by else ""
        return self.create(kind=kind, account=user.get_username(), what=what, by=name)


class AccountEvent(models.Model):
    """A change of an account: invitation, second factor, roles, password, end of a lock-out.

    A single sign-on is one too: the log of axes cannot say how somebody signed in. Names are kept
    as text, so that they outlive the accounts.
    """

    class Kind(models.TextChoices):
        SECOND_FACTOR = "second_factor", "Second factor"
        ROLE = "role", "Role"
        PASSWORD = "password", "Password"
        LOCK_OUT = "lock_out", "Lock-out"
        INVITATION = "invitation", "Invitation"
        SIGN_ON = "sign_on", "Single sign-on"
        SESSIONS = "sessions", "Sessions"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.CharField(max_length=150, blank=True, help_text="Empty: a command.")
    account = models.CharField(max_length=150)
    kind = models.CharField(max_length=13, choices=Kind)
    what = models.CharField(max_length=200)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        verbose_name = "entry"
        verbose_name_plural = "audit list"
        ordering = ["-at"]
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.account}: {self.what}"


class FirstPassword(models.Model):
    """Marks an account whose password was set by somebody else.

    Its owner has to choose another at the next sign-in; that deletes the mark.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="first_password"
    )

    def __str__(self):
        return f"{self.user} chooses a password at the next sign-in"


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Those that still let somebody in."""
        staff = self.filter(user__is_active=True, user__is_staff=True)
        return staff.filter(until__gt=timezone.now()).select_related("user")


class Invitation(models.Model):
    """An account that waits for its owner to choose a password, through a link that works once.

    Whatever sets a password deletes it. `digest` is a keyed hash of the code in the link.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="invitation"
    )
    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    by = models.CharField(max_length=150)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        until = date_format(timezone.localtime(self.until), "j M Y")
        return f"until {until}" if self.until > timezone.now() else "has ended"


class LinkedIdentityQuerySet(models.QuerySet):
    def get_or_none(self, issuer, subject):
        return self.filter(issuer=issuer, subject=subject).select_related("user").first()

    def link(self, user, issuer, subject) -> bool:
        """Whether this identity opens the account from now on. False where either has another."""
        try:
            with transaction.atomic():
                self.create(user=user, issuer=issuer, subject=subject)
        except IntegrityError:
            return False
        return True


class LinkedIdentity(models.Model):
    """Whom a provider of single sign-on means by `subject` (OpenID Connect Core 1.0, 2).

    It opens one account, which is opened by no other identity.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="linked_identity"
    )
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(auto_now_add=True)

    objects = LinkedIdentityQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_identity_once")
        ]

    def __str__(self):
        return f"{self.user}, as {self.issuer} knows them"


class MailPreferenceQuerySet(models.QuerySet):
    def get_or_default(self, user):
        """Return the preference of `user`; the default one, not saved, if there is none."""
        return self.filter(user=user).first() or MailPreference(user=user)

    def daily(self):
        """Those of active staff with an address who want mail once a day."""
        found = self.filter(frequency=MailPreference.Frequency.DAILY).exclude(user__email="")
        return found.filter(user__is_active=True, user__is_staff=True).select_related("user")


class MailPreference(models.Model):
    """How often an account gets mail about texts. An account without one gets it at once.

    It knows too what of the news on the first page of the admin was read.
    """

    class Frequency(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        NEVER = "never", _("Never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_preference"
    )
    frequency = models.CharField(max_length=7, choices=Frequency, default=Frequency.AT_ONCE)
    # What happened until then is mailed, to those who get mail once a day.
    mailed_until = models.DateTimeField(default=timezone.now, editable=False)
    # News of texts until then was read on the first page of the admin.
    news_read_until = models.DateTimeField(null=True, editable=False)

    objects = MailPreferenceQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.user}: {self.get_frequency_display()}"


class RecoveryDevice(ThrottlingMixin, Device):
    """Recovery codes for a lost phone. Each works once; only hashes are stored.

    All codes of a device share one salt, so that a typed code is hashed once and looked up. A code
    has 40 bits, too few for a fast hash (OWASP ASVS 5.0, 6.5.2).
    """

    salt: "models.CharField[str, str]" = models.CharField(max_length=32)

    def save(self, *args, **kwargs):
        self.salt = self.salt or get_random_string(22)
        super().save(*args, **kwargs)

    def get_throttle_factor(self):
        return 1

    def hash_code(self, code: str) -> str:
        return make_password(code, salt=self.salt)

    def verify_token(self, token: str) -> bool:
        """Whether `token` is one of the codes; a valid one is used up."""
        if not self.verify_is_allowed()[0]:
            return False
        used, _ = self.codes.filter(digest=self.hash_code(token)).delete()
        if used:
            self.throttle_reset()
        else:
            self.throttle_increment()
        return bool(used)


class RecoveryCode(models.Model):
    device = models.ForeignKey(RecoveryDevice, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=128)

    def __str__(self):
        return f"A recovery code of {self.device.user}"
