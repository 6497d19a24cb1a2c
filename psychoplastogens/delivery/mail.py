"""Mail to staff: whether a server for it is set up, and sending that cannot break a request."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.core.mail import send_mail

from psychoplastogens.delivery.metrics import MAIL_FAILURES

logger = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def is_mail_set_up() -> bool:
    return not settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend")


def mail_each(subject: str, text: str, addresses: Iterable[str]) -> None:
    """Send a mail to each address: nobody learns the address of another.

    `subject` becomes one line. A mail that cannot be sent is logged and counted.
    """
    subject = " ".join(f"{settings.SITE_NAME}: {subject}".split())
    for address in addresses:
        try:
            with MAIL_FAILURES.count_exceptions():
                send_mail(subject, text, None, [address])
        except (smtplib.SMTPException, OSError) as error:
            logger.warning("A mail to staff could not be sent: %s", type(error).__name__)


def mail_later(subject: str, text: str, address: str) -> None:
    """Mail in a thread, so that no answer tells by its time whether anything was mailed."""
    sending = _sender.submit(mail_each, subject, text, [address])
    sending.add_done_callback(Future.result)  # Whose error is logged.


def wait_for_mail() -> None:
    """Return when everything is sent that `mail_later` was given so far."""
    _sender.submit(int).result()
