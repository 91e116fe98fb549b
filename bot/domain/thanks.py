"""Thanks: what a creator has been given and not thanked for yet, and the thank-you that everybody sees."""

from dataclasses import dataclass

NAMED = 10
"""Members that one thank-you names; the others are counted."""

HIDDEN = 0
"""Stands for a member who gave without a name, in place of an id."""


@dataclass(frozen=True, slots=True)
class Unthanked:
    """What one member gave since the creator thanked them last: `coins` in `pieces`, up to transaction `last_seq`.

    `sender` is a holder id and `sender_id` the member, 0 if erased; gifts with and without a name are thanked apart.
    `notes` are the newest messages that came with them.
    """

    sender: int
    sender_id: int
    anonymous: bool
    coins: int
    pieces: int
    last_seq: int
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


def thank_you(guild_id: int, thanks_id: int, channel_id: int, creator_id: int, thanked: "list[Unthanked]") -> ThankYou:
    """Return the one message that thanks everybody in `thanked`, the newest gift first. Who gave both ways is there
    twice: with the name, and hidden; joining the two would tell who it was."""
    hidden = [entry for entry in thanked if entry.anonymous]
    named = [entry.sender for entry in thanked if not entry.anonymous]
    shown = named[: NAMED - 1 if hidden else NAMED]
    senders = (*shown, HIDDEN) if hidden else tuple(shown)
    return ThankYou(
        guild_id=guild_id,
        thanks_id=thanks_id,
        channel_id=channel_id,
        creator_id=creator_id,
        senders=senders,
        more=len(thanked) - len(senders),
        pieces=sum(entry.pieces for entry in thanked),
        coins=sum(entry.coins for entry in thanked),
    )
