"""Static files under names that carry their content's hash, so that they can be kept for good."""

import re

import rcssmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which also takes comments and spaces out of stylesheets."""

    def _save(self, name, content):
        if name.endswith(".css"):
            content.seek(0)
            content = ContentFile(minified(content.read().decode()).encode())
        return super()._save(name, content)


def minified(css):
    """`css` without comments and spare spaces.

    Inside @layer, rcssmin takes the colon of ` :is(` for that of a declaration and drops the space
    that means “somewhere inside”; the * that may stand there keeps it.
    """
    return rcssmin.cssmin(re.sub(r"(?<=[\w\])]) +:(?=(?:is|where|not|has)\()", " *:", css))
