"""The store of what members choose for themselves.

Choices that every gift needs are beside the pseudonym of its sender, which it reads anyway. All other choices have a
table of their own, with a row for everybody who has chosen anything.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, and_, select

from bot.domain.member_choices import NO_CHOICES, MemberChoices
from bot.storage.ledger import holders as holder_store
from bot.storage.sql.rows import upsert, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import holders
from bot.storage.sql.tables import member_settings as table

_OF_GIFTS = ("anonymous_since_ms", "quiet_since_ms")
_COLUMNS = [(holders if field.name in _OF_GIFTS else table).c[field.name] for field in fields(MemberChoices)]
_SAME_MEMBER = and_(table.c.guild_id == holders.c.guild_id, table.c.member_id == holders.c.user_id)
_BY_MEMBER = Lookup(
    select(table.c.guild_id, table.c.member_id, *_COLUMNS).select_from(table.outerjoin(holders, _SAME_MEMBER)),
    (table.c.guild_id, table.c.member_id),
)
_BY_HOLDER = Lookup(
    select(holders.c.guild_id, holders.c.holder_id, *_COLUMNS).select_from(holders.join(table, _SAME_MEMBER)),
    (holders.c.guild_id, holders.c.holder_id),
)


def choices(c: Connection, guild_id: int, member_id: int) -> MemberChoices:
    """Return what a member has chosen, the defaults without a choice."""
    return choices_of(c, guild_id, [member_id]).get(member_id, NO_CHOICES)


def choices_of(c: Connection, guild_id: int, member_ids: Collection[int]) -> dict[int, MemberChoices]:
    """Return the choices of those of the members who have made any."""
    rows = _BY_MEMBER.rows(c, [(guild_id, member_id) for member_id in member_ids])
    return {member_id: _choices(values) for _, member_id, *values in rows}


def choices_of_holders(c: Connection, guild_id: int, holder_ids: Collection[int]) -> dict[int, MemberChoices]:
    """Return the same by holder id."""
    rows = _BY_HOLDER.rows(c, [(guild_id, holder_id) for holder_id in holder_ids])
    return {holder_id: _choices(values) for _, holder_id, *values in rows}


def save(c: Connection, guild_id: int, member_id: int, new_choices: MemberChoices) -> None:
    """Save what a member has chosen."""
    values = values_of(new_choices) | {"no_pings": int(new_choices.no_pings)}
    of_gifts = {name: values.pop(name) for name in _OF_GIFTS}
    before = values_of(choices(c, guild_id, member_id))
    upsert(c, table, {"guild_id": guild_id, "member_id": member_id, **values})
    # Nobody gets a pseudonym for a choice that no gift needs.
    if of_gifts != {name: before[name] for name in _OF_GIFTS}:
        holder_store.choose(c, guild_id, member_id, **of_gifts)


def _choices(values: Sequence[Any]) -> MemberChoices:
    no_pings, *times = values
    return MemberChoices(bool(no_pings), *times)
