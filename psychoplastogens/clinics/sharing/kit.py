"""What a clinic copies to hand out one address: emails, a text message, texts for records.

Words are neutral unless the clinic wants otherwise: a lock screen shows them to whoever is near.
Nothing here names a patient, counts an opening or asks another server for a picture.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from textwrap import wrap
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psychoplastogens.content.rendering.dates import format_date
from psychoplastogens.delivery import crisis_lines

MAX_LINE_LENGTH = 78
"""Of a line of plain text (RFC 5322, 2.1.1). An address is never broken, however long it is."""
MAX_HTML_BYTES = 4_000
"""Bytes. Mail programs clip long messages, and the clinic's own words come around this."""
MAX_MAILTO_LENGTH = 1_900
"""Characters. Windows hands programs addresses of at most 2,083."""
MAX_SMS_LENGTH = 160
"""Septets of one text message (3GPP TS 23.038, 6.1)."""

BLANK = "***"
"""Epic's mark for what somebody types before they can sign. No other system minds it."""

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ASCII_PUNCTUATION = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)
_MARKDOWN_CHARACTERS = re.compile(r"([\\`*_\[\]<>|~#&])")


@dataclass(frozen=True)
class ShareKit:
    """One reading list, to be handed out.

    `address` is absolute; `titles` are those of its pages, `minutes` what they take in all, and
    `version` is the day of the last change of one of them. A clinic's own list has its `title`,
    `clinic`, `phone`, `color` and the path of its `logo`; clinic and phone are typed for one print
    where it `is_typed`. A `discreet` one says in no copy what it is about.
    """

    address: str
    titles: tuple[str, ...]
    minutes: int = 0
    version: date | None = None
    title: str = ""
    clinic: str = ""
    phone: str = ""
    color: str = ""
    logo: str = ""
    discreet: bool = True
    is_typed: bool = False

    @property
    def qr_url(self) -> str:
        """The address in capitals, which it answers to as well: its QR code is smaller."""
        return self.address.upper()

    @property
    def subject(self) -> str:
        if self.title and not self.discreet:
            return self.title
        return _("Something to read from your clinic")

    @property
    def words(self) -> EmailText:
        return EmailText(self)

    @cached_property
    def html(self) -> str:
        """The email to paste into a mail program or its template: at most LARGEST_HTML bytes."""
        return self._with_most_titles(
            lambda words: render_to_string("clinics/email_snippet.html", {"words": words}).strip(),
            lambda html: len(html.encode()) <= MAX_HTML_BYTES,
        )

    @property
    def text(self) -> str:
        """The email as plain text, its subject not included."""
        return self.words.as_text()

    @property
    def markdown(self) -> str:
        words = self.words
        parts = [words.hello, escape_markdown(words.opening), f"[{words.button}]({self.address})"]
        listed = (f"{n}. {escape_markdown(title)}" for n, title in enumerate(words.titles, start=1))
        parts += filter(None, ["\n".join(listed)])
        return "\n\n".join([*parts, *map(escape_markdown, words.closing)]) + "\n"

    @property
    def mailto(self) -> str:
        """A link that opens a mail program with the email in it (RFC 6068; lines end in CRLF)."""
        return self._with_most_titles(
            lambda words: (
                f"mailto:?subject={quote(self.subject, safe='')}"
                f"&body={quote(words.as_text().replace(chr(10), chr(13) + chr(10)), safe='')}"
            ),
            lambda link: len(link) <= MAX_MAILTO_LENGTH,
        )

    @property
    def sms(self) -> str:
        """One text message, in the letters that every phone has; '' where it does not fit in one.

        The longest wording that fits is taken. The address is always whole, and never alone: a
        message of nothing but a link is taken for fraud.
        """
        ways = [_("Something to read from your clinic: %s"), _("To read: %s")]
        if self.clinic and not self.discreet:
            ways.insert(0, _("%(clinic)s: something to read. %(address)s"))
        named = {"clinic": to_gsm_7(self.clinic), "address": self.address}
        messages = (way % (named if "%(" in way else self.address) for way in ways)
        return next((text for text in messages if len(text) <= MAX_SMS_LENGTH), "")

    @property
    def label_title(self) -> str:
        """What a small label calls it: the title of the list, or of its only page."""
        if self.title or len(self.titles) == 1:
            return self.title or self.titles[0]
        return _("Your reading list")

    @property
    def chart_note(self) -> str:
        """One line for the patient's record: what was given, in which version, and its link.

        The record is private, and says what it is about whatever is neutral elsewhere.
        """
        given = self.title or "; ".join(self.titles)
        version = format_date(self.version) if self.version else ""
        parts = [given, _("version %s") % version if version else "", self.address]
        return _("Given: %s") % ", ".join(filter(None, parts))

    @property
    def smart_phrase(self) -> str:
        """The line for the record, and a blank for what the patient said back (teach-back)."""
        return f"{self.chart_note}\n{_('In the patient’s own words: %s') % BLANK}\n"

    @property
    def portal_message(self) -> str:
        """A short message for a patient portal, which shows plain text and nothing of its form."""
        words = self.words
        parts = [words.hello, words.opening, f"{words.button}:\n{self.address}", words.questions]
        return "\n\n".join(filter(None, [*parts, *words.emergency, self.clinic])) + "\n"

    @property
    def calendar_text(self) -> str:
        """What the entry in a calendar says below its title."""
        words = self.words
        return "\n".join(filter(None, [f"{words.button}: {self.address}", words.questions]))

    def _with_most_titles(self, make, fits) -> str:
        """What `make` gives for the words with as many titles as fit, the first ones first."""
        made = (make(EmailText(self, most)) for most in range(len(self.titles), 0, -1))
        return next(filter(fits, made), "") or make(EmailText(self, 0))


@dataclass(frozen=True)
class EmailText:
    """The words of an email, said once for all of its forms. `most` bounds the titles named."""

    kit: ShareKit
    most: int | None = None
    hello: str = field(default_factory=lambda: _("Hello,"))
    button: str = field(default_factory=lambda: _("Open your reading list"))

    @property
    def address(self) -> str:
        return self.kit.address

    @property
    def opening(self) -> str:
        minutes = self.kit.minutes
        parts = [
            _("Here is a short reading list for you."),
            ngettext(
                "It takes about %(minutes)s minute in all.",
                "It takes about %(minutes)s minutes in all.",
                minutes,
            )
            % {"minutes": minutes}
            if minutes
            else "",
            _("You can stop at any point and come back to it later."),
        ]
        return " ".join(filter(None, parts))

    @property
    def titles(self) -> tuple[str, ...]:
        """The pages of the list, unless it must be discreet."""
        return () if self.kit.discreet else self.kit.titles[: self.most]

    @property
    def more(self) -> str:
        """How many pages are not among the titles, where some are."""
        left = len(self.kit.titles) - len(self.titles)
        if not self.titles or not left:
            return ""
        return ngettext("and %(left)s more page", "and %(left)s more pages", left) % {"left": left}

    @property
    def questions(self) -> str:
        """Whom to ask; '' where no clinic is known."""
        phone = self.kit.phone
        return _("Questions? Call us: %(phone)s") % {"phone": phone} if phone else ""

    @property
    def emergency(self) -> list[str]:
        """Paragraphs: where help is."""
        country = crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY]
        parts = []
        if not self.kit.discreet:
            parts.append(_("If you are in crisis: %(help)s.") % {"help": country.lines[0].action})
        if country.emergency:
            parts.append(_("In an emergency call %(number)s.") % {"number": country.emergency})
        return parts

    @property
    def closing(self) -> list[str]:
        """Paragraphs: that nobody looks on, whom to ask, where help is, who wrote it."""
        private = _("There is nothing to sign in to, and we cannot see what you read.")
        parts = [private, self.questions, *self.emergency, self.kit.clinic]
        return list(filter(None, parts))

    def as_text(self) -> str:
        """Lines of at most COLUMNS, but for the address, which has a line of its own."""
        parts = [self.hello, wrap_paragraph(self.opening), f"{self.button}:\n{self.address}"]
        listed = (wrap_paragraph(title, f"{n}. ") for n, title in enumerate(self.titles, start=1))
        parts += filter(None, ["\n".join([*listed, self.more]).strip()])
        return "\n\n".join([*parts, *map(wrap_paragraph, self.closing)]) + "\n"


def wrap_paragraph(text: str, number: str = "") -> str:
    """A paragraph in lines of at most COLUMNS, hanging behind its number."""
    indent = " " * len(number)
    return "\n".join(wrap(text, MAX_LINE_LENGTH, initial_indent=number, subsequent_indent=indent))


def escape_markdown(text: str) -> str:
    """Words that Markdown leaves as they are."""
    return _MARKDOWN_CHARACTERS.sub(r"\\\1", text)


def to_gsm_7(text: str) -> str:
    """`text` in the basic letters of text messages: accents go where they must, the rest is lost.

    One letter outside of them would halve what fits into a message (3GPP TS 23.038, 6.2.1).
    """
    plainer = text.translate(_ASCII_PUNCTUATION)
    apart = (
        letter if letter in _GSM_7 else unicodedata.normalize("NFKD", letter) for letter in plainer
    )
    return " ".join("".join(c for c in "".join(apart) if c in _GSM_7).split())
