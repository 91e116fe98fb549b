"""The garbage collector, settled for a process that keeps much and makes few circles.

A collection of everything stops the stand-in for as long as a member waits at a busy Discord; it would be measured as
the bot's slowness.
"""

import gc
from typing import Final

YOUNG: Final = 50_000
"""Objects made before the collector looks at the young ones; a second of a storm makes that many."""


def settle_collector() -> None:
    """Leave what the start has made out of all further collections, and make those rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 50, 100)
