"""The units in docs/deploy/: each timer runs a command that exists, by a unit that exists."""

import re

import pytest
from django.core.management import get_commands

from tests.proxies import DEPLOY_DIR

TIMERS = sorted(DEPLOY_DIR.glob("*.timer"))
TASK_UNIT = "understory-task@"


@pytest.mark.parametrize("timer", TIMERS, ids=lambda timer: timer.stem)
def test_a_timer_runs_a_command_of_manage_py(timer):
    unit, command = re.search(r"^Unit=(.+@)(\w+)\.service$", timer.read_text(), re.M).groups()
    assert unit == TASK_UNIT
    assert timer.stem == f"understory-{command}"
    assert command in get_commands()


def test_every_command_for_a_timer_has_one():
    commands = {timer.stem.removeprefix("understory-") for timer in TIMERS}
    expected = {"backup", "check_links", "clean_up", "mail_digest", "review_due"}
    assert commands == expected | {"publish_scheduled"}


def test_both_units_have_the_same_sandbox():
    texts = [(DEPLOY_DIR / f"{name}.service").read_text() for name in ("understory@", TASK_UNIT)]
    sandboxes = [
        re.search(r"^UMask=.+?^SystemCallErrorNumber=\w+", text, re.M | re.S)[0] for text in texts
    ]
    assert sandboxes[0] == sandboxes[1]
    assert "ProtectSystem=strict" in sandboxes[0]
