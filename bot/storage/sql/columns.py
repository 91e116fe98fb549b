"""Building blocks of tables: recurring columns, keys and checks, and a naming convention for constraints."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    event,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on every database. SQLite's STRICT tables call it INTEGER."""


def integer(name: str, *, null: bool = False, key: str | None = None) -> Column[int]:
    """Return a column of 64-bit integers: ids, amounts, times. `key` is its name in Python where the two differ."""
    return Column(name, BIG, nullable=null, autoincrement=False, key=key)


class PersonalKind(StrEnum):
    """What a column says about a person."""

    MEMBER = "member"
    """Who it is, by the id of a Discord user."""
    HOLDER = "holder"
    """Who it is, by a holder id: a pseudonym that says nothing once its member was erased."""
    WORDS = "words"
    """What somebody wrote, or what is known about them."""


class Erasure(StrEnum):
    """What happens to a column when its member's data is deleted."""

    ROW = "row"
    """The row goes."""
    BLANK = "blank"
    """The value goes: it becomes NULL if that is allowed, else 0 or an empty text."""
    STAYS = "stays"
    """The value stays, as sums and other people's records need it. Only pseudonyms may."""


@dataclass(frozen=True, slots=True)
class Personal:
    """The declaration of a column with personal data. `bot.storage.stores.personal_data` reads it.

    `owner` is the column that says whose words they are. What is not `exported` concerns others more than the member,
    such as who has blocked them.
    """

    kind: PersonalKind
    erasure: Erasure
    owner: str = ""
    exported: bool = True


PERSONAL = "personal"
"""Key of a column's declaration in its `info`."""


def member(name: str, erasure: Erasure, *, null: bool = False) -> Column[int]:
    """Return a column of Discord users."""
    return Column(
        name, BIG, nullable=null, autoincrement=False, info={PERSONAL: Personal(PersonalKind.MEMBER, erasure)}
    )


def holder(
    name: str, erasure: Erasure = Erasure.STAYS, *, exported: bool = True, null: bool = False, key: str | None = None
) -> Column[int]:
    """Return a column of holder ids. 0 is nobody."""
    personal = Personal(PersonalKind.HOLDER, erasure, exported=exported)
    return Column(name, BIG, nullable=null, autoincrement=False, key=key, info={PERSONAL: personal})


def words(name: str, owner: str, *, exported: bool = True, null: bool = False) -> Column[str]:
    """Return a column of texts about the member in the column `owner`. They are deleted with that member's data."""
    personal = Personal(PersonalKind.WORDS, Erasure.BLANK, owner, exported)
    return Column(name, Text, nullable=null, info={PERSONAL: personal})


def chosen_since(name: str, owner: str) -> Column[int]:
    """Return a column with the time since when the member in the column `owner` has chosen something, NULL for never.

    It goes with the member's data.
    """
    personal = Personal(PersonalKind.WORDS, Erasure.BLANK, owner)
    return Column(name, BIG, nullable=True, autoincrement=False, info={PERSONAL: personal})


def string(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def blob(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def flag(name: str, *, null: bool = False) -> Column[int]:
    """Return a column of 0 and 1, because STRICT tables have no boolean. Each needs an `is_flag` check beside it."""
    return Column(name, Integer, nullable=null)


def is_flag(name: str) -> CheckConstraint:
    """Return the check that a `flag` column holds 0 or 1."""
    return CheckConstraint(f"{name} IN (0, 1)", name=f"{name}_is_flag")


def of_guild() -> ForeignKeyConstraint:
    """Return the key that ties a row to its guild."""
    return ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"])


def of_journal() -> ForeignKeyConstraint:
    """Return the key that ties a row to its transaction."""
    return ForeignKeyConstraint(["guild_id", "seq"], ["journal.guild_id", "journal.seq"])


def table(name: str, *items: SchemaItem, rowid: bool = False) -> Table:
    """Return a STRICT table. Without `rowid`, its rows are stored in the order of the primary key."""
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=rowid)


def index(
    name: str | None, *columns: ColumnElement[Any], unique: bool = False, where: TextClause | None = None
) -> Index:
    """Return an index, partial if `where` is given. If `name` is None, the naming convention makes one."""
    return Index(name, *columns, unique=unique, sqlite_where=where, info={"where": where})


def _limit_indexes(metadata: MetaData, connection: Connection, **_: object) -> None:
    """Make indexes partial on PostgreSQL, too. Saying so right away would load its dialect, 2 MiB, with every table."""
    if connection.dialect.name == "postgresql":
        for every_table in metadata.tables.values():
            for partial in every_table.indexes:
                partial.dialect_options["postgresql"]["where"] = partial.info["where"]


event.listen(metadata, "before_create", _limit_indexes)
