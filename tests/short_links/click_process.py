"""A process of the site for tests of the counter: opens links as its server would, when told to.

    python -m tests.short_links.click_process

It reads one command a line and answers each with one line: `open CODE N` with how many of N were
redirected; `write` with "written" or "away"; `held` with how many openings it holds.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")


def main():
    django.setup()
    from psychoplastogens.short_links import click_counting

    click_counting.ClickWriter.start = lambda self: None  # Writes when told to, and then only.
    do_not_wait_for_locks()
    for line in sys.stdin:
        command, *arguments = line.split()
        print(ANSWERS[command](click_counting, *arguments), flush=True)


def do_not_wait_for_locks():
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=0")


def open_links(click_counting, code, number):
    from django.test import Client

    answers = [
        Client().get(f"/s/{code}/", headers={"host": "127.0.0.1"}) for _ in range(int(number))
    ]
    return sum(answer.status_code == 303 for answer in answers)


def write(click_counting):
    before = click_counting.pending_clicks.count_pending()
    click_counting.click_writer.step()
    return "written" if click_counting.pending_clicks.count_pending() == 0 or not before else "away"


def held(click_counting):
    return click_counting.pending_clicks.count_pending()


ANSWERS = {"open": open_links, "write": write, "held": held}

if __name__ == "__main__":
    main()
