"""What a server does every minute: each task, again and again, whatever another one raises."""

import threading

import pytest

from psychoplastogens.delivery import periodic_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks(monkeypatch):
    found = []
    monkeypatch.setattr(periodic_tasks, "_tasks", found)
    monkeypatch.setattr(periodic_tasks.connections, "close_all", lambda: None)
    monkeypatch.setattr(periodic_tasks, "close_old_connections", lambda: None)
    return found


def test_what_one_task_raises_is_logged_and_the_others_run(tasks, caplog):
    ran = []

    @periodic_tasks.register_periodic_task
    def fail():
        raise LookupError("Lost.")

    periodic_tasks.register_periodic_task(lambda: ran.append(1))
    periodic_tasks.run_tasks()
    assert ran == [1]
    assert "Lost." in caplog.text


def test_the_thread_runs_them_again_and_again_and_waits_first(tasks):
    ended, calls = threading.Event(), []

    @periodic_tasks.register_periodic_task
    def call():
        calls.append(threading.current_thread().name)
        if len(calls) == 2:
            ended.set()

    thread = periodic_tasks.start(0.01, ended)
    thread.join(10)
    assert calls == ["periodic", "periodic"]
    assert thread.daemon
    assert not thread.is_alive()


def test_what_is_due_is_among_the_tasks():
    from psychoplastogens.editorial.workflow import schedules

    assert schedules.run_due in periodic_tasks._tasks
