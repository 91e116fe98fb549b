"""Overlays: pages that show a creator's gifts on stream, and how they are controlled.

Whoever has the secret of a link sees what it shows. So it is random, and only its digest is kept. A creator has one
link for the page and one for its controls. Either can be withdrawn by itself.
"""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

import regex

from bot.domain.catalogue import Tier

SECRET_BYTES: Final = 32
"""Random bytes of a link's secret."""

NOTES_FROM: Final = Tier.MEDIUM
"""The tier from which on messages are shown, where a guild has chosen none."""

MOST_SLOTS: Final = 32
"""Sources of one overlay whose progress is remembered."""

KEPT_MS: Final = 60_000
"""How long a control is kept: pages that are open hear of it within a second."""
LET_THROUGH_MS: Final = 24 * 3_600_000
"""How long it is kept which messages were let through: a page that is opened again shows them, too."""

MAIN_SLOT: Final = "main"
_SLOT: Final = regex.compile(r"[A-Za-z0-9_-]{1,32}")


class OverlayScope(StrEnum):
    """What a link opens. The values are stored."""

    VIEW = "view"
    """The page that shows gifts."""
    CONTROL = "control"
    """The page with the controls, which also has the messages that wait for approval."""


class OverlayAction(StrEnum):
    """What can be done with an overlay. The values are stored, and pages know them."""

    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    CLEAR = "clear"
    REPLAY = "replay"
    TEST = "test"
    APPROVE = "approve"
    REJECT = "reject"


JUDGING: Final = frozenset({OverlayAction.APPROVE, OverlayAction.REJECT})
"""Actions about a message that waits for approval. They name the row of its gift."""

SETTING: Final = {
    OverlayAction.PAUSE: ("paused", True),
    OverlayAction.RESUME: ("paused", False),
    OverlayAction.MUTE: ("muted", True),
    OverlayAction.UNMUTE: ("muted", False),
}
"""Actions that hold until they are undone: which field of OverlayQueue they set to what."""


class OverlayQueue(NamedTuple):
    """How an overlay stands: the number of its newest control, and whether it waits or is silent."""

    nr: int = 0
    paused: bool = False
    muted: bool = False


class OverlayControl(NamedTuple):
    """Something that was done with an overlay. `seq` is the gift that it is about, None for none."""

    nr: int
    action: OverlayAction
    seq: int | None
    at_ms: int


@dataclass(slots=True)
class OverlayBeat:
    """The end of a guild's journal, and the number of the newest control of each overlay, by creator."""

    head_seq: int = 0
    news: dict[int, int] = field(default_factory=dict[int, int])


class OverlayPass(NamedTuple):
    """Whose overlay a secret opens. `creator` is a holder, `creator_id` the member behind it."""

    guild_id: int
    creator: int
    creator_id: int
    scope: OverlayScope


class OverlayLink(NamedTuple):
    """A link that opens an overlay. `seen_ms` is when a page last said hello with it, None before the first.

    `sources` are the pages that are open with it in this process.
    """

    made_ms: int
    seen_ms: int | None
    sources: int = 0


def digest_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def slot_of(name: object) -> str:
    """Return the slot that a page names, the main one for whatever cannot be a name."""
    return name if isinstance(name, str) and _SLOT.fullmatch(name) else MAIN_SLOT
