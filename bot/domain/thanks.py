"""Thanks: what a creator has been given and not thanked for yet, and the thank-you that everybody sees."""

from collections.abc import Sequence
from dataclasses import dataclass

NAMED = 10
"""Members that one thank-you names; the others are counted."""

HIDDEN = 0
"""Stands for whoever gave without a name, in place of an id."""


@dataclass(frozen=True, slots=True)
class Unthanked:
    """What was given since the creator's last thanks for it: `coins` in `pieces`, up to transaction `last_seq`.

    By one member: `sender` is a holder id, and `sender_id` the member, 0 if erased. Or without a name: then `sender` is
    None, and it is one entry, whoever gave how much of it. The last thanks covered what came up to `thanked_seq`, 0 for
    none. `notes` are the newest messages that came with the gifts.
    """

    sender: int | None
    sender_id: int
    coins: int
    pieces: int
    last_seq: int
    thanked_seq: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThankYou:
    """A public thank-you of a creator for `coins` in `pieces`. `senders` are holder ids, HIDDEN among them; `more` is
    how many are not named. `thanks_id` is the id of the press that made it: it is sent once."""

    guild_id: int
    thanks_id: int
    channel_id: int
    creator_id: int
    senders: tuple[int, ...]
    more: int
    pieces: int
    coins: int


def thank_you(
    guild_id: int, thanks_id: int, channel_id: int, creator_id: int, thanked: Sequence[Unthanked]
) -> ThankYou:
    """Return the one message that thanks everybody in `thanked`, the newest gift first. Who gave both ways is named,
    and is among the hidden: joining the two would tell who it was."""
    named = [entry.sender for entry in thanked if entry.sender is not None]
    is_any_hidden = len(named) < len(thanked)
    senders = named[: NAMED - 1 if is_any_hidden else NAMED]
    return ThankYou(
        guild_id=guild_id,
        thanks_id=thanks_id,
        channel_id=channel_id,
        creator_id=creator_id,
        senders=(*senders, HIDDEN) if is_any_hidden else tuple(senders),
        more=len(named) - len(senders),
        pieces=sum(entry.pieces for entry in thanked),
        coins=sum(entry.coins for entry in thanked),
    )
