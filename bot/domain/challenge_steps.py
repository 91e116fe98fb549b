"""What is to be done about a challenge, and when."""

from enum import Enum, auto
from typing import NamedTuple

from bot.domain.challenges import Challenge
from bot.domain.deadlines import SETTLED_MS


class What(Enum):
    """What is to be done about a challenge."""

    ANNOUNCE = auto()
    SETTLE = auto()
    """It is over, and its prizes are to be settled."""
    GIVE = auto()
    """Prizes are settled, and not all of them were given, or the results are not posted."""
    WAIT = auto()
    NOTHING = auto()


class Step(NamedTuple):
    """What is to be done about a challenge next; nothing before `at_ms`."""

    what: What
    at_ms: int = 0


def next_step(challenge: Challenge, now_ms: int) -> Step:
    """Return what is to be done about a challenge now."""
    if challenge.posted_ms is None or challenge.ends_ms is None:
        return Step(What.NOTHING)
    if challenge.message_id is None:
        return Step(What.ANNOUNCE)
    # The last gifts are in the books a moment after the end.
    settled_ms = challenge.ends_ms + SETTLED_MS
    if challenge.over_ms is None:
        return Step(What.SETTLE) if now_ms >= settled_ms else Step(What.WAIT, settled_ms)
    return Step(What.NOTHING) if challenge.result_id is not None else Step(What.GIVE)
