from tests.delivery.conftest import log, visitor

__all__ = ["log", "visitor"]
