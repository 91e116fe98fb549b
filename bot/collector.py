"""The garbage collector, settled for a process that lives long and makes few circles."""

import gc

YOUNG = 1_000
"""Objects made before the collector looks at the young ones. At 20,000 a look took 8 to 16 ms, and at 4,000 one at the
middle ones up to 30, which a member in a hundred saw at 400 gifts a second. Now none takes 4 ms, and all of them
together take as long as before."""


def settle_collector() -> None:
    """Leave what the start has made out of all further collections, and make those rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 200)
