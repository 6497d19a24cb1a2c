from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import register
from django.db.models.signals import post_migrate, post_save


class AccountsConfig(AppConfig):
    name = "psychoplastogens.accounts"

    def ready(self):
        from django.contrib.auth import get_user_model

        from psychoplastogens.accounts import (
            deployment_checks,  # noqa: F401 - registers them
            lockout,
            roles,
            sessions,
            single_sign_on_checks,
        )
        from psychoplastogens.delivery.signals import clean_up

        register(single_sign_on_checks.check_single_sign_on)
        user_logged_in.connect(sessions.start_session, dispatch_uid="begin_session")
        post_save.connect(
            sessions.end_sessions_of_closed_account,
            sender=get_user_model(),
            dispatch_uid="end_sessions",
        )
        clean_up.connect(sessions.delete_expired_sessions, dispatch_uid="sessions")
        clean_up.connect(lockout.delete_old_attempts, dispatch_uid="sign_ins")
        # Behind Django's own receiver, which has just made the permissions of that room.
        post_migrate.connect(roles.grant_after_migrate, dispatch_uid="grant_roles")
