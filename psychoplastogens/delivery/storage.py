"""Storage of static files under hashed names, so that browsers can cache them forever."""

import re

import rcssmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also minifies stylesheets."""

    def _save(self, name, content):
        if name.endswith(".css"):
            content.seek(0)
            content = ContentFile(minify_css(content.read().decode()).encode())
        return super()._save(name, content)


def minify_css(css):
    """`css` without comments and needless spaces.

    Inside @layer, rcssmin takes the colon of ` :is(` for that of a declaration and drops the
    descendant combinator before it; an explicit * prevents that.
    """
    return rcssmin.cssmin(re.sub(r"(?<=[\w\])]) +:(?=(?:is|where|not|has)\()", " *:", css))
