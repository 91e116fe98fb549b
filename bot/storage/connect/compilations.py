"""The statements that SQLAlchemy Core has compiled, shared by all engines of this process: alone, each would compile
every statement anew.

The books are open through several engines at once (the writer's, members', followers', checks'), and are closed and
opened again by commands and tests.
"""

from typing import Any

from sqlalchemy.engine import Compiled
from sqlalchemy.util import LRUCache

MOST = 1_000
"""How many statements are kept. The stores have a few hundred."""


class Compilations(LRUCache[Any, Compiled]):
    """Compiled statements by their cache key, in which the name of the dialect takes the place of its instance.

    Dialects of one name are all made and used in the same way here, so what one of them has compiled serves all.
    """

    __slots__ = ()

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401 - as its base
        """Return what was compiled for `key`, or `default`."""
        return super().get(_for_any_engine(key), default)

    def __setitem__(self, key: Any, value: Compiled) -> None:  # noqa: ANN401 - as its base
        super().__setitem__(_for_any_engine(key), value)


def _for_any_engine(key: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's
    dialect, *rest = key
    return (dialect.name, *rest)


SHARED_COMPILATIONS = {"compiled_cache": Compilations(MOST)}
"""Execution options of an engine that shares what it compiles."""
