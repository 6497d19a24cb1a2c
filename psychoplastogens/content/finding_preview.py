"""A number as texts draw it, on top of the previews of its record."""

from django.utils.safestring import SafeString

from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.editorial.drafts.preview_rendering import preview_drawer
from psychoplastogens.evidence.models import Finding


@preview_drawer(Finding)
def draw_finding(finding: Finding) -> SafeString:
    """The heading, sentence, picture and certainty of a number."""
    return ProseRenderer([], [finding]).render(f"{{{{finding:{finding.slug}}}}}")
