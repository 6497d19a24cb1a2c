"""Storage of static files under hashed names, so that browsers can cache them forever."""

import re

import rcssmin
import rjsmin
from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Their scripts stay as they come: rjsmin changes what some of htmx's do.
PACKAGE_FOLDERS = ("admin/", "django_htmx/")

# `import ... from "./name.js";` in our scripts. Those of packages hold the like in comments.
IMPORTS = (
    "editorial/*.js",
    ((r"""(?P<matched>from "(?P<url>\./[\w.]+)";)""", """from "%(url)s";"""),),
)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also minifies stylesheets and our scripts."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, IMPORTS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._urls = {}

    def url(self, name, force=False):
        """The address of a file. Each is built once: the manifest is read once, at the start."""
        if settings.DEBUG:
            return super().url(name, force)
        if name not in self._urls:
            self._urls[name] = super().url(name, force)
        return self._urls[name]

    def _save(self, name, content):
        if minify := choose_minifier(name):
            content.seek(0)
            content = ContentFile(minify(content.read().decode()).encode())
        return super()._save(name, content)


def choose_minifier(name):
    """The function that minifies the static file `name`, or None."""
    if name.endswith(".css"):
        return minify_css
    if name.endswith(".js") and not name.startswith(PACKAGE_FOLDERS):
        return rjsmin.jsmin
    return None


def minify_css(css):
    """`css` without comments, needless spaces and the zero before a decimal point.

    Inside @layer, rcssmin takes the colon of ` :is(` for that of a declaration and drops the
    descendant combinator before it; an explicit * prevents that.
    """
    css = rcssmin.cssmin(re.sub(r"(?<=[\w\])]) +:(?=(?:is|where|not|has)\()", " *:", css))
    return re.sub(r"(?<=[ :,(+*/-])0(?=\.\d)", "", css)
