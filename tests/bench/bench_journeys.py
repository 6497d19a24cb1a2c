"""What three requests pass through: own files, templates, queries.

    python3 manage.py test tests/bench/bench_journeys.py -s

Files are those of psychoplastogens/ in which a function ran; templates are counted once each.
"""

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from psychoplastogens.content.models import Explainer
from tests.admin_forms import address_of, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

PACKAGE = str(Path(settings.BASE_DIR, "psychoplastogens")) + "/"


class Journey:
    """The own files, the templates and the queries of the code in a `with` block."""

    def __enter__(self):
        self.files, self.templates = {}, {}
        self._queries = CaptureQueriesContext(connection)
        self._queries.__enter__()
        template_rendered.connect(self._note_template)
        sys.settrace(self._note_call)
        return self

    def __exit__(self, *error):
        sys.settrace(None)
        template_rendered.disconnect(self._note_template)
        self._queries.__exit__(*error)

    def _note_call(self, frame, event, argument):
        if frame.f_code.co_filename.startswith(PACKAGE):
            name = frame.f_code.co_filename.removeprefix(PACKAGE)
            self.files.setdefault(name, {})[frame.f_code.co_name] = None

    def _note_template(self, template, **kwargs):
        self.templates[template.name or "(inline)"] = None

    @property
    def queries(self):
        return [query["sql"] for query in self._queries.captured_queries]

    def report(self, title):
        numbers = f"{len(self.files)} files, {len(self.templates)} templates"
        print(f"\n{title}: {len(self.queries)} queries, {numbers}")
        for name, functions in self.files.items():
            print(f"  {name}: {', '.join(functions)}")
        for name in self.templates:
            print(f"  {name}")
        for sql in self.queries:
            print(f"    {sql[:150]}")


def test_a_public_page(client):
    client.get("/compounds/ketamine/")
    with Journey() as journey:
        assert client.get("/compounds/ketamine/").status_code == 200
    journey.report("(a) /compounds/ketamine/")


def test_saving_a_live_explainer(admin_client):
    address = address_of(Explainer.objects.published().order_by("slug").first())
    for summary in ("A first draft.", "A second one."):
        form = typed(admin_client.get(address), summary=summary)
        with Journey() as journey:
            assert admin_client.post(address, form).status_code == 302
    journey.report("(b) POST of a live explainer that has a draft")


def test_a_question_of_a_record_system(client):
    asked = {
        "mainSearchCriteria.v.c": "370143000",
        "mainSearchCriteria.v.cs": "2.16.840.1.113883.6.96",
    }
    asked["knowledgeResponseType"] = "application/json"
    client.get("/connect/service", asked)
    with Journey() as journey:
        assert client.get("/connect/service", asked).status_code == 200
    journey.report("(c) /connect/service")
