from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "psychoplastogens.content"

    def ready(self):
        from psychoplastogens.content import (  # noqa: F401 - register
            checks,
            dashboard,
            prose_references,
            unavailable_references,
        )
        from psychoplastogens.editorial.workflow.references import (
            link_reference_finder,
            text_reference_builder,
            text_reference_finder,
            unavailable_reference_finder,
        )

        text_reference_finder(prose_references.find_records_naming)
        link_reference_finder(prose_references.find_records_linking_to)
        unavailable_reference_finder(unavailable_references.find_unavailable_references)
        text_reference_builder(prose_references.reference_by_slug)
        text_reference_builder(prose_references.reference_by_link)
