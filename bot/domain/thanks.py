"""Thanks: the gifts that a creator has not thanked for yet, and the public thank-you."""

from collections.abc import Sequence
from dataclasses import dataclass

NAMED = 50
"""The most members that one thank-you names. The others are only counted."""

HIDDEN = 0
"""Stands for all anonymous senders in place of an id."""


@dataclass(frozen=True, slots=True)
class Unthanked:
    """Gifts since the creator's last thanks for them: `coins` in `pieces`, up to transaction `last_seq`.

    They are from one member, whose holder id is `sender` and whose member id is `sender_id`, 0 if erased. All anonymous
    gifts are one entry, in which `sender` is None. The last thanks covered everything up to `thanked_seq`, 0 if there
    was none. `notes` are the newest messages that came with the gifts.
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
    """A creator's public thank-you for `coins` in `pieces`.

    `senders` are holder ids, with HIDDEN for the anonymous ones. `more` counts the senders who are not named.
    `thanks_id` is the id of the button press, so that one press sends one thank-you.
    """

    guild_id: int
    thanks_id: int
    channel_id: int
    creator_id: int
    senders: tuple[int, ...]
    more: int
    pieces: int
    coins: int


def thank_you(
    guild_id: int, thanks_id: int, channel_id: int, creator_id: int, entries: Sequence[Unthanked]
) -> ThankYou:
    """Return the one message that thanks the senders of all `entries`, the most generous first.

    A member who gave both openly and anonymously is named and also part of HIDDEN. Merging the two would reveal who
    gave anonymously.
    """
    known_senders = [entry.sender for entry in entries if entry.sender is not None]
    has_hidden = len(known_senders) < len(entries)
    senders = known_senders[: NAMED - 1 if has_hidden else NAMED]
    return ThankYou(
        guild_id=guild_id,
        thanks_id=thanks_id,
        channel_id=channel_id,
        creator_id=creator_id,
        senders=(*senders, HIDDEN) if has_hidden else tuple(senders),
        more=len(known_senders) - len(senders),
        pieces=sum(entry.pieces for entry in entries),
        coins=sum(entry.coins for entry in entries),
    )
