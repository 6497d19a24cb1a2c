"""When something is wrong: a page that helps, whatever is broken."""

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.urls import path

from psychoplastogens.delivery import crisis_lines, views
from psychoplastogens.urls import urlpatterns as project_urls
from tests.factories import make_faq, make_user
from tests.html_outline import find_faults


def breaks(request):
    raise RuntimeError("marmotsecret")


urlpatterns = [path("breaks/", breaks), *project_urls]
handler400, handler404, handler500 = views.bad_request, views.not_found, views.server_error
BROKEN = pytest.mark.urls(__name__)
ERRORS = {"/%00": 400, "/nothing/": 404, "/questions/gone/": 410, "/breaks/": 500}


@pytest.fixture
def gone(db):
    make_faq(slug="gone").withdraw(by=make_user(), reason="Wrong.")


@BROKEN
@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize(("address", "status"), ERRORS.items())
def test_every_error_page_offers_search_and_help(visitor, address, status):
    response = visitor.get(address)
    assert response.status_code == status
    main = response.text.partition("<main")[2].partition("</main>")[0]
    assert 'action="/search/"' in main
    assert 'href="tel:988"' in main
    assert 'href="tel:911"' in main
    assert 'name="robots" content="noindex"' in response.text
    assert 'rel="canonical"' not in response.text
    assert find_faults(response.text) == []


@BROKEN
@pytest.mark.usefixtures("gone")
def test_an_error_page_says_nothing_of_the_machinery(visitor):
    for address in ERRORS:
        text = visitor.get(address).text
        assert not [w for w in ("Traceback", "Django", "marmotsecret", "Exception") if w in text]


@BROKEN
@pytest.mark.usefixtures("gone")
def test_no_two_error_pages_have_the_same_title(visitor):
    titles = {visitor.get(a).text.partition("<title>")[2].partition("<")[0] for a in ERRORS}
    assert len(titles) == len(ERRORS)


@BROKEN
def test_the_page_for_a_breakdown_needs_no_database(visitor):
    """Not marked with django_db: any query would fail this test."""
    response = visitor.get("/breaks/")
    assert response.status_code == 500
    assert "It is not you." in response.text


def broken_database(execute, sql, params, many, context):
    raise DatabaseError("marmotsecret")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/questions/", "/questions/x/", "/sitemap.xml", "/help/"])
def test_a_broken_database_shows_help(visitor, log, address):
    with connection.execute_wrapper(broken_database):
        response = visitor.get(address)
    assert response.status_code == 500
    assert 'href="tel:988"' in response.text
    assert "marmotsecret" not in response.text
    assert len(log()) == 1


@pytest.mark.django_db
def test_a_machine_is_told_that_the_database_is_broken(visitor):
    make_faq()
    assert visitor.get("/readyz").text == "ready\n"
    with connection.execute_wrapper(broken_database):
        assert visitor.get("/healthz").status_code == 200
        answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "The database cannot be read" in answer.text
    assert "marmotsecret" not in answer.text


@pytest.mark.django_db
def test_a_machine_is_told_that_there_is_no_content(visitor):
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py load_content" in answer.text


@pytest.fixture
def no_collected_files(settings, tmp_path):
    """A machine whose static files were never collected: each address of one is an error."""
    hashed = {"BACKEND": "psychoplastogens.delivery.storage.HashedStaticFilesStorage"}
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashed}


@pytest.mark.django_db
@pytest.mark.usefixtures("no_collected_files")
def test_a_machine_is_told_that_the_static_files_are_missing(visitor):
    make_faq()
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py collectstatic --noinput" in answer.text


@pytest.mark.django_db
@pytest.mark.usefixtures("no_collected_files")
@pytest.mark.parametrize("country", crisis_lines.CRISIS_COUNTRIES)
@pytest.mark.parametrize("address", ["/", "/help/", "/nothing/", "/%00", "/connect/"])
def test_help_is_shown_even_where_no_page_can_be_made(visitor, settings, address, country):
    settings.CRISIS_COUNTRY = country
    response = visitor.get(address)
    assert response.status_code == 500
    assert "It is not you." in response.text
    for line in crisis_lines.CRISIS_COUNTRIES[country].lines:
        assert f'href="{line.address}"' in response.text
    assert find_faults(response.text) == []


@pytest.mark.parametrize("address", ["/breaks/", "/connect/service?mainSearchCriteria.v.c=1"])
@BROKEN
def test_help_is_shown_even_where_no_template_works(visitor, settings, monkeypatch, address):
    def broken(*args, **kwargs):
        raise RuntimeError("marmotsecret")

    monkeypatch.setattr("django.template.backends.django.Template.render", broken)
    monkeypatch.setattr("psychoplastogens.infobutton.views.dispatch_request", broken)
    response = visitor.get(address)
    assert response.status_code == 500
    assert 'href="tel:988"' in response.text


def busy_database(execute, sql, params, many, context):
    raise OperationalError("database is locked")


@pytest.mark.django_db
def test_a_busy_database_is_an_answer_to_try_again(visitor):
    with connection.execute_wrapper(busy_database):
        response = visitor.get("/help/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert 'href="tel:988"' in response.text


@pytest.mark.django_db
def test_who_saves_while_the_database_is_busy_is_told_what_became_of_it(visitor):
    visitor.get("/admin/login/")
    typed = {"username": "ann", "password": "b", "csrfmiddlewaretoken": token_of(visitor)}
    with connection.execute_wrapper(busy_database):
        response = visitor.post("/admin/login/", typed)
    assert response.status_code == 503
    assert "Nothing was saved." in response.text


def token_of(visitor):
    return visitor.cookies["csrftoken"].value


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/about/", "/privacy/", "/accessibility/", "/about/review/"])
def test_a_page_without_records_needs_no_database(visitor, address):
    with connection.execute_wrapper(broken_database):
        assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("word", ["no-store", "no-cache"])
def test_health_is_never_kept(visitor, word):
    assert word in visitor.get("/healthz")["Cache-Control"]


@pytest.mark.django_db
def test_too_much_at_once_is_said_with_the_limit_and_help(visitor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
    kind = "application/x-www-form-urlencoded"
    visitor.get("/admin/login/")  # The token of its form comes with a cookie.
    response = visitor.post("/admin/login/", "a=" + "b" * 2_000_000, content_type=kind)
    assert response.status_code == 413
    assert "A form may send 2 MB." in response.text
    assert 'href="tel:988"' in response.text
    assert find_faults(response.text) == []
