"""`manage.py makemessages -l es`: the words that a page in another language shows beside its text.

Django's own command reads every file. Most of ours are of pages that are in English alone, and of
the admin: their words would stand in the file of each language without a translation.
"""

from fnmatch import fnmatch
from pathlib import Path

from django.conf import settings
from django.core.management.commands import makemessages

FILES = (
    *("templates/base.html", "templates/_crisis_*.html", "templates/_emergency_calls.html"),
    *("templates/_help.html", "templates/_read_aloud.html", "templates/_reading_options.html"),
    *("templates/404.html", "templates/410.html", "templates/translated/*.html"),
    *("templates/content/_overdue.html", "templates/content/_review.html"),
    *("templates/content/_sources.html", "templates/content/translation_detail.html"),
    *("templates/_footer_notice.html", "templates/_header_tools.html"),
    *("templates/search/_field.html", "templates/search/_hit.html"),
    "templates/search/translations.html",
    "psychoplastogens/content/crisis/panel.py",
    "psychoplastogens/content/models/translation.py",
    "psychoplastogens/content/page_description.py",
    "psychoplastogens/content/rendering/dates.py",
    "psychoplastogens/content/rendering/icons.py",
    "psychoplastogens/content/rendering/markdown.py",
)
"""What is read, from the top of the project."""


def is_read(path: str) -> bool:
    """Whether words of the file at `path` are translated."""
    name = Path(path).resolve().relative_to(settings.BASE_DIR).as_posix()
    return any(fnmatch(name, pattern) for pattern in FILES)


class Command(makemessages.Command):
    def find_files(self, root):
        return [file for file in super().find_files(root) if is_read(file.path)]

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(no_wrap=True, no_obsolete=True, add_location="file")
