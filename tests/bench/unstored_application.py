"""This site as its page store has pages rendered, with none of them stored."""

from psychoplastogens.delivery.page_store import versions
from psychoplastogens.delivery.rsgi_adapter import RsgiToWsgiAdapter
from psychoplastogens.wsgi import application as store

versions.watcher.start()


def render(environ, start_response):
    with store.take_turn():
        return store.application(environ, start_response)


application = RsgiToWsgiAdapter(render)
