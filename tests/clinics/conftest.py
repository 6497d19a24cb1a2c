from tests.short_links.conftest import clicks

__all__ = ["clicks"]
