"""What a channel shows of a live event."""

from typing import NamedTuple

SHOWN_FOR_MS = 24 * 3600 * 1000
"""How long after an event's end its recap, or the last state of its board, is still worth showing."""


class BoardMessage(NamedTuple):
    """The message that shows an event's board.

    `message_id` is 0 if it was deleted and is to be posted again. `made` counts how often that happened. A board that
    is `closed` is left alone. Unless it `is_layout`, it was posted as an embed and stays one. `replaced_id` is the
    message in whose place it was posted, until that is removed.
    """

    message_id: int = 0
    posted_ms: int = 0
    made: int = 0
    closed: bool = False
    is_layout: bool = True
    replaced_id: int | None = None
