"""The store of everything that is known about one member, in whichever table, to read it and to delete it.

Columns declare what they hold (`bot.storage.sql.columns.Personal`), and this module walks those declarations. So a new
table needs no line here.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, and_, delete, exists, func, or_, select, update

from bot.domain.erasures import MENTION_OF_ERASED, mentions_of
from bot.storage.sql import tables
from bot.storage.sql.challenge_tables import challenge_awards, challenges
from bot.storage.sql.columns import PERSONAL, Personal, PersonalKind
from bot.storage.sql.columns import Erasure as How
from bot.storage.sql.grant_tables import grant_batches
from bot.storage.sql.perk_tables import perks
from bot.storage.sql.staff_tables import staff_acts

OWN_PAGES = frozenset({"journal", "entries", "notes"})
"""Tables whose rows members get as their history, in words."""

BY_STAFF = (perks.c.about, perks.c.text, challenges.c.about, challenges.c.prizes, challenge_awards.c.words)
"""Texts that staff write for everybody. They are about nobody in particular, but may mention somebody."""

NO_HOLDER = -1
"""The pseudonym of members who never had coins. It is in no row, unlike 0, which stands for nobody."""


class Person(NamedTuple):
    """A member of a guild, and their pseudonym there."""

    guild_id: int
    user_id: int
    holder_id: int

    def key(self, kind: PersonalKind) -> int:
        """Return the id that columns of a kind use for this person."""
        return self.user_id if kind is PersonalKind.MEMBER else self.holder_id


def personal_columns(table: Table) -> dict[str, Personal]:
    """Return the declarations of a table's columns, by name."""
    return {column.name: column.info[PERSONAL] for column in table.columns if PERSONAL in column.info}


def rows_of(c: Connection, person: Person, most: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each table that has rows about a person, with up to `most` of them, without what they say about others."""
    for table in tables.metadata.sorted_tables:
        declared = personal_columns(table)
        names = [name for name, personal in declared.items() if _is_id(personal) and personal.exported]
        if table.name in OWN_PAGES or not names:
            continue
        is_theirs = or_(*(table.c[name] == person.key(declared[name].kind) for name in names))
        rows = c.execute(select(table).where(_of_guild(table, person.guild_id), is_theirs).limit(most)).mappings()
        records = [_record(dict(row), declared, person) for row in rows]
        if records:
            yield table.name, records


def _record(row: dict[str, Any], declared: dict[str, Personal], person: Person) -> dict[str, Any]:
    """Return a row as its member may read it: other people, and what belongs to them, are left out."""
    record: dict[str, Any] = {}
    for name, value in row.items():
        personal = declared.get(name)
        if name == "guild_id" or (personal is not None and not personal.exported):
            continue
        if personal is None:
            record[name] = value
        elif _is_id(personal):
            if value == person.key(personal.kind):
                record[name] = "you"
        elif row.get(personal.owner) in {person.user_id, person.holder_id}:
            record[name] = value
    return record


def erase(c: Connection, person: Person) -> None:
    """Delete what is known about a person. Sums, hashes and what belongs to others stay, under the pseudonym.

    There can be millions of notes with gifts and grants, so `bot.storage.stores.notes` empties them.
    """
    _forget_plans(c, person)
    _forget_values(c, person)
    for column in (*_texts(), *BY_STAFF):
        _forget_mentions(c, person, column)
    for table in tables.metadata.sorted_tables:
        if table.name in OWN_PAGES:
            continue
        for name, personal in personal_columns(table).items():
            if personal.kind is PersonalKind.WORDS:
                column = table.c[name]
                c.execute(update(table).where(_is_by(table, personal, person)).values({column: _blank(column)}))
    for table in reversed(tables.metadata.sorted_tables):
        for name, personal in personal_columns(table).items():
            if _is_id(personal):
                _erase_id(c, table.c[name], personal, person)


def _erase_id(c: Connection, column: Column[Any], personal: Personal, person: Person) -> None:
    table = column.table
    assert isinstance(table, Table)
    is_theirs = column == person.key(personal.kind)
    if personal.erasure is How.ROW:
        c.execute(delete(table).where(_of_guild(table, person.guild_id), is_theirs))
    elif personal.erasure is How.BLANK:
        c.execute(update(table).where(_of_guild(table, person.guild_id), is_theirs).values({column: _blank(column)}))


def _is_by(table: Table, personal: Personal, person: Person) -> ColumnElement[bool]:
    """Return the condition that a person wrote the words of a row."""
    owner_table_name, _, owner_name = personal.owner.rpartition(".")
    owner_table = tables.metadata.tables[owner_table_name] if owner_table_name else table
    owner = owner_table.c[owner_name]
    key = person.key(owner.info[PERSONAL].kind)
    if owner_table is table:
        return and_(table.c.guild_id == person.guild_id, owner == key)
    same_row = [table.c[part.name] == part for part in owner_table.primary_key.columns]
    return exists(select(owner).where(*same_row, owner_table.c.guild_id == person.guild_id, owner == key))


def _forget_plans(c: Connection, person: Person) -> None:
    """Delete grants that staff have previewed but not made, if they include the person: staff can preview them
    again."""
    planned = grant_batches.c.plan.contains(f"[{person.user_id},")
    c.execute(delete(grant_batches).where(grant_batches.c.guild_id == person.guild_id, planned))


def _forget_values(c: Connection, person: Person) -> None:
    """Take the person's id out of the values in the staff log, such as the creator of a perk. The acts stay."""
    user_id = str(person.user_id)
    for column in (staff_acts.c.before_values, staff_acts.c.after_values):
        is_named = and_(staff_acts.c.guild_id == person.guild_id, column.contains(user_id))
        c.execute(update(staff_acts).where(is_named).values({column: func.replace(column, user_id, "0")}))


def _forget_mentions(c: Connection, person: Person, column: Column[Any]) -> None:
    """Take the person's mentions out of what others wrote."""
    table = column.table
    assert isinstance(table, Table)
    for mention in mentions_of(person.user_id):
        is_there = and_(_of_guild(table, person.guild_id), column.contains(mention, autoescape=True))
        c.execute(update(table).where(is_there).values({column: func.replace(column, mention, MENTION_OF_ERASED)}))


def _texts() -> Iterator[Column[Any]]:
    """Yield the columns with members' texts, except for notes, which `bot.storage.stores.notes` empties."""
    for table in tables.metadata.sorted_tables:
        if table.name in OWN_PAGES or "guild_id" not in table.c:
            continue
        for name, personal in personal_columns(table).items():
            if personal.kind is PersonalKind.WORDS and isinstance(table.c[name].type, Text):
                yield table.c[name]


def _is_id(personal: Personal) -> bool:
    return personal.kind is not PersonalKind.WORDS


def _blank(column: Column[Any]) -> int | str | None:
    if column.nullable:
        return None
    return 0 if column.type.python_type is int else ""


def _of_guild(table: Table, guild_id: int) -> ColumnElement[bool]:
    column = table.c.guild_id
    # A purchase that is not assigned to a guild yet belongs to its member in every guild.
    return or_(column == guild_id, column.is_(None)) if column.nullable else column == guild_id
