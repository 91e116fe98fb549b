"""Garbage collector settings for a process that keeps many objects and creates few cycles.

A full collection would stop the local Discord for about as long as a member waits at a busy one, and benchmarks would
blame the bot for it.
"""

import gc
from typing import Final

YOUNG: Final = 50_000
"""How many new objects trigger a collection of the youngest generation. One second of a storm creates about as many."""


def tune_collector() -> None:
    """Exclude the objects that exist after the start from later collections, and make those rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 50, 100)
