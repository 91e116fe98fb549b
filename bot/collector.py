"""The garbage collector, settled for a process that lives long and makes few circles."""

import gc

YOUNG = 20_000
"""Objects made before the collector looks at the young ones; a thousand gifts that wait make more than that."""


def settle_collector() -> None:
    """Leave what the start has made out of all further collections, and make those rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
