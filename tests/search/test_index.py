"""The index without Django: documents in, an Answer out."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from psychoplastogens.search import spelling, vocabulary
from psychoplastogens.search.index import SearchDocument, SearchIndex
from psychoplastogens.search.snippets import expand_fragment
from psychoplastogens.search.spelling import get_phonetic_key, split_words
from psychoplastogens.search.vocabulary import Alias

KINDS = {"faq": 1.0, "term": 1.0}


def index_of(*documents, language="en"):
    return SearchIndex([SearchDocument("faq", *fields) for fields in documents], KINDS, language)


def found(index, query):
    return [hit.document.title for group in index.search(query).groups for hit in group.hits]


def test_results_do_not_depend_on_the_order_of_the_documents():
    documents = [
        SearchDocument("faq", f"Marmot {n}", f"/{n}/", text="The same.") for n in range(50)
    ]
    first = found(SearchIndex(documents, KINDS), "same marmot")
    for seed in range(3):
        random.Random(seed).shuffle(documents)
        assert found(SearchIndex(documents, KINDS), "same marmot") == first


def test_the_kind_with_the_best_hit_stands_first_and_the_others_keep_their_order():
    documents = [SearchDocument("faq", "A drip", "/a/"), SearchDocument("term", "Drip", "/b/")]
    index = SearchIndex(documents, KINDS)
    assert [group.kind for group in index.search("drip").groups] == ["term", "faq"]
    assert [group.kind for group in index.search("the drip").groups] == ["term", "faq"]


def test_all_words_count_before_some_of_them_do():
    index = index_of(("Blue marmot", "/a/"), ("Blue bird", "/b/"), ("Red marmot", "/c/"))
    assert found(index, "blue marmot") == ["Blue marmot", "Blue bird", "Red marmot"]


def test_many_threads_may_ask_at_once():
    index = index_of(*((f"Marmot {n}", f"/{n}/", ()) for n in range(50)))
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(found, [index] * 200, ["marmut 7"] * 200))
    assert answers == [answers[0]] * 200


def test_an_empty_index_answers():
    answer = SearchIndex([], KINDS).search("marmot")
    assert (answer.total, answer.near) == (0, [])


def test_a_query_of_stop_words_only_is_still_answered():
    assert found(index_of(("What is it?", "/a/")), "what is it") == ["What is it?"]


def test_spanish_has_its_own_stems_and_stop_words():
    index = index_of(("¿Puedo conducir después?", "/a/"), language="es")
    answer = index.search("puedo conduciendo")
    assert answer.total == 1
    assert ("conducir", True) in answer.groups[0].hits[0].title


@pytest.mark.parametrize(
    ("fragment", "shown"),
    [
        ("One two", "One two."),
        ("Three four", "Three four."),
        ("two. Three", "… two. Three …"),
    ],
)
def test_a_snippet_has_dots_where_it_is_cut_in_mid_sentence(fragment, shown):
    assert expand_fragment("One two. Three four.", fragment) == shown


def test_words_that_sound_alike_are_alike():
    assert get_phonetic_key("sylocibin") == get_phonetic_key("psilocybin") == "silosibin"


@pytest.mark.parametrize("typed", ["st johns wort", "St. John's wort", "st john’s wort"])
def test_an_apostrophe_is_typed_or_not(typed):
    herb = Alias(("St. John's wort",))
    index = SearchIndex([SearchDocument("faq", "Herbs", "/a/", aliases=(herb,))], KINDS)
    assert found(index, typed) == ["Herbs"]
    assert split_words("I can't, ’tis '70s'") == ["i", "cant", "tis", "70s"]


def test_what_somebody_takes_says_more_than_how_it_is_given():
    drip, pill = Alias(("drip",), weight=0.6), Alias(("pill",), weight=1.3)
    documents = [
        SearchDocument("faq", "A drip and no more", "/a/", aliases=(drip,)),
        SearchDocument("faq", "Tell the clinic", "/b/", aliases=(pill,)),
        *(SearchDocument("faq", f"Marmot {n}", f"/{n}/") for n in range(9)),
    ]
    assert found(SearchIndex(documents, KINDS), "pill drip")[0] == "Tell the clinic"


def test_the_page_of_a_thing_comes_before_pages_that_speak_of_it():
    documents = [
        SearchDocument("faq", "Ibogaine and the heart: is there a risk?", "/a/"),
        SearchDocument("term", "Ibogaine", "/b/", names=("Iboga root",), text="A shrub."),
        *(SearchDocument("faq", f"Heart {n}", f"/{n}/", text="A risk.") for n in range(9)),
    ]
    assert found(SearchIndex(documents, KINDS), "iboga root dangers heart")[0] == "Ibogaine"


def test_the_words_of_an_alias_are_found_in_any_order_and_never_shown():
    saying = Alias(("clock in after the shift",), is_word=True)
    documents = [
        SearchDocument("faq", "Work and rest", "/a/", text="A burrow.", aliases=(saying,)),
        SearchDocument("faq", "Marmot", "/b/", text="It sleeps."),
    ]
    index = SearchIndex(documents, KINDS)
    [group] = index.search("the next shift, when to clock").groups
    assert [hit.document.address for hit in group.hits] == ["/a/"]
    assert "clock" not in "".join(piece for piece, _ in group.hits[0].snippet)


def test_what_readers_type_is_not_kept():
    documents = [SearchDocument("faq", "Marmots", "/marmots/", names=("Groundhogs",), text="Moss.")]
    index = SearchIndex(documents, {"faq": 1.0})
    caches = [
        cache
        for module in (spelling, vocabulary)
        for cache in vars(module).values()
        if hasattr(cache, "cache_info")
    ]
    spelling.is_english_word("marmot")  # Loads the dictionary.
    held = [cache.cache_info().currsize for cache in caches]
    for typed in ("marmot", "groundhoggs", "jane doe of springfield", "Mosss, please", "5-meo"):
        index.search(typed)
        index.vocabulary.names_a_case(typed)
    assert len(caches) >= 4
    assert [cache.cache_info().currsize for cache in caches] == held
