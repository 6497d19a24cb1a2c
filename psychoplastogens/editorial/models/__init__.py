"""The models of the editorial app: one file a model, imported from here."""

from psychoplastogens.editorial.models.bundle import Bundle
from psychoplastogens.editorial.models.comment import (
    MAX_QUOTE_LENGTH,
    Comment,
    CommentQuerySet,
)
from psychoplastogens.editorial.models.constraints import (
    both_or_neither_constraint,
    signature_constraint,
)
from psychoplastogens.editorial.models.content_version import (
    ContentVersion,
    ContentVersionQuerySet,
    LoadedRecord,
)
from psychoplastogens.editorial.models.history import HistoryEntry, HistoryEntryQuerySet
from psychoplastogens.editorial.models.old_address import (
    OldAddress,
    OldAddressQuerySet,
    validate_address_is_free,
)
from psychoplastogens.editorial.models.page import (
    ChoiceGroup,
    Page,
    SearchGroup,
    SearchText,
    get_page_models,
)
from psychoplastogens.editorial.models.page_pointer import (
    PagePointer,
    PagePointerQuerySet,
    PointerRelation,
    connect_pointers,
    get_pointer_models,
    prefetch_pages,
)
from psychoplastogens.editorial.models.presence import PRESENCE_TIMEOUT, OpenForm, OpenFormQuerySet
from psychoplastogens.editorial.models.publishable import (
    SLUG_RULE,
    Part,
    Publishable,
    PublishableQuerySet,
    SluggedModel,
    Status,
    current_language,
    get_owner_field_name,
    get_page,
    get_page_model,
    get_publishable,
    get_related_model,
    get_title_field,
    select_pages,
)
from psychoplastogens.editorial.models.replacement import Replacement, ReplacementQuerySet
from psychoplastogens.editorial.models.review_link import REVIEW_LINK_DAYS, ReviewLink
from psychoplastogens.editorial.models.reviewer import Reviewer
from psychoplastogens.editorial.models.revision import (
    APPROVE_PERMISSION,
    PUBLISH_PERMISSION,
    VIEW_DRAFTS_PERMISSION,
    Revision,
    RevisionQuerySet,
)
from psychoplastogens.editorial.models.scheduled_change import (
    ScheduledChange,
    ScheduledChangeQuerySet,
)

__all__ = [
    "APPROVE_PERMISSION",
    "SLUG_RULE",
    "Bundle",
    "ChoiceGroup",
    "HistoryEntry",
    "HistoryEntryQuerySet",
    "Comment",
    "CommentQuerySet",
    "ContentVersion",
    "ContentVersionQuerySet",
    "LoadedRecord",
    "MAX_QUOTE_LENGTH",
    "OldAddress",
    "OldAddressQuerySet",
    "OpenForm",
    "OpenFormQuerySet",
    "PRESENCE_TIMEOUT",
    "PUBLISH_PERMISSION",
    "Page",
    "PagePointer",
    "PagePointerQuerySet",
    "Part",
    "PointerRelation",
    "Publishable",
    "PublishableQuerySet",
    "REVIEW_LINK_DAYS",
    "Replacement",
    "ReplacementQuerySet",
    "ReviewLink",
    "Reviewer",
    "Revision",
    "RevisionQuerySet",
    "ScheduledChange",
    "ScheduledChangeQuerySet",
    "SearchGroup",
    "SearchText",
    "SluggedModel",
    "Status",
    "VIEW_DRAFTS_PERMISSION",
    "both_or_neither_constraint",
    "connect_pointers",
    "current_language",
    "get_owner_field_name",
    "get_page_model",
    "get_page",
    "get_page_models",
    "get_pointer_models",
    "get_publishable",
    "get_related_model",
    "get_title_field",
    "prefetch_pages",
    "select_pages",
    "signature_constraint",
    "validate_address_is_free",
]
