"""Every page that a reading list may hold, while no shelf is cut."""

from psychoplastogens.clinics.models import PackItem
from psychoplastogens.clinics.reading_lists import build_question_list_page, list_shelf


def list_listable_pages():
    shelves = [list_shelf(model) for model in PackItem.get_target_models()]
    assert not any(shelf.is_cut for shelf in shelves)
    return [build_question_list_page(), *(page for shelf in shelves for page in shelf.pages)]
