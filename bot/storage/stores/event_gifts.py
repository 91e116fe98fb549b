"""Turns rows of gifts into what boards and recaps count: following their senders' choices, and without what was taken
back."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.domain.combos import EventGift
from bot.domain.ledger.gift import GiftFacts
from bot.domain.ledger.gift_rows import piece_coins_of
from bot.domain.member_choices import NO_CHOICES
from bot.storage.ledger import holders, member_choices

GiftRow = tuple[int, int, int, GiftFacts]
"""A row of a gift: its number, its time, its sender (a holder), and its facts."""


def event_gifts(
    c: Connection, guild_id: int, rows: Sequence[GiftRow], undone_pieces: Mapping[int, int]
) -> list[EventGift]:
    """Return the gifts of `rows`, without the pieces of each row that were taken back."""
    creators = holders.member_ids(c, guild_id, {facts["creator"] for *_, facts in rows})
    senders = {actor for _, _, actor, facts in rows if not facts["anonymous"]}
    choices = member_choices.choices_of_holders(c, guild_id, senders)
    return [
        EventGift(
            seq,
            at_ms,
            None if facts["anonymous"] else actor,
            creators.get(facts["creator"], 0),
            facts["name"],
            facts["emoji"],
            pieces,
            facts["price"] * pieces,
            # Nothing that the sender has chosen may set an anonymous gift apart from others.
            joins_combos=(sender_choices := choices.get(0 if facts["anonymous"] else actor, NO_CHOICES)).joins_combos,
            shows_quantity=sender_choices.shows_quantity,
            piece_coins=piece_coins_of(facts),
            is_pooled="chip_in" in facts,
        )
        for seq, at_ms, actor, facts in rows
        if (pieces := facts["count"] - undone_pieces.get(seq, 0))
    ]
