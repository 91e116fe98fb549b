"""Turns lines of leaderboards into places: who it is, and what that member shows of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from sqlalchemy import Connection

from bot.domain.leaderboards import Board, Standing
from bot.domain.member_choices import NO_CHOICES
from bot.storage.ledger import holders, member_choices


class Scored(Protocol):
    """A line of a leaderboard: the sums of a holder, or of an item."""

    @property
    def subject(self) -> int:
        """The holder id, or the id of the item."""
        ...

    @property
    def coins(self) -> int: ...

    @property
    def pieces(self) -> int: ...


def standings_of(
    c: Connection, guild_id: int, board: Board, lines: Sequence[Scored], offset: int
) -> tuple[Standing, ...]:
    """Return lines as the places after `offset`. Erased members have the id 0."""
    if board is Board.GIFTS:
        return tuple(
            Standing(place, line.subject, line.coins, line.pieces) for place, line in enumerate(lines, start=offset + 1)
        )
    member_ids = holders.member_ids(c, guild_id, {line.subject for line in lines})
    choices = member_choices.choices_of(c, guild_id, {*member_ids.values()})
    return tuple(
        Standing(
            place,
            member_id := member_ids.get(line.subject, 0),
            line.coins,
            line.pieces,
            choices.get(member_id, NO_CHOICES).hides_amounts,
        )
        for place, line in enumerate(lines, start=offset + 1)
    )


def standing_of(c: Connection, guild_id: int, place: int, member_id: int, line: Scored) -> Standing:
    """Return a member's own line as a place."""
    hides_amount = member_choices.choices(c, guild_id, member_id).hides_amounts
    return Standing(place, member_id, line.coins, line.pieces, hides_amount)


def first_shown(c: Connection, guild_id: int, pages: Iterable[Sequence[Standing]], most: int) -> tuple[Standing, ...]:
    """Return the first places of `pages` without those of members who hide, and with the others closed up."""
    shown: list[Standing] = []
    for page in pages:
        choices = member_choices.choices_of(c, guild_id, {standing.subject_id for standing in page})
        shown += [each for each in page if not choices.get(each.subject_id, NO_CHOICES).is_hidden]
        if len(shown) >= most:
            break
    return tuple(replace(standing, place=place) for place, standing in enumerate(shown[:most], start=1))
