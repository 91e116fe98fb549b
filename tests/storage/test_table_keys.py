"""Every table can be split by guild: its keys lead with the guild, or it is named here and in docs/scaling.md."""

from collections.abc import Iterator

import pytest
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from bot.storage.sql.tables import metadata
from tests.rig import ROOT

OF_NO_GUILD = {
    "marks": "what is true of the books as a whole, such as their erasures",
    "settlement_counts": "one row per provider",
    "webhook_events": "a provider's events, before it is known which guild they are about",
    "noted_payments": "payments that a provider told of, before they are matched with an order",
    "product_purchases": "purchases at Discord, which belong to a member until a guild is chosen",
    "overlay_tokens": "a page brings a secret, and nothing that says of which guild",
    "bare_references": "finds the guild of an order from before references named it",
}
"""Tables whose keys do not lead with a guild, with what they hold."""


def keys(table: Table) -> Iterator[list[str]]:
    """Yield the columns of what has to be unique: across nodes, only the node of a guild can see to that."""
    unique = (part for part in table.constraints if isinstance(part, PrimaryKeyConstraint | UniqueConstraint))
    indexes = (index for index in table.indexes if index.unique)
    for part in (*unique, *indexes):
        yield [column.name for column in part.columns]


def leads_with_guild(part: list[str]) -> bool:
    return part[:1] == ["guild_id"]


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_keys_lead_with_the_guild_or_the_table_is_named(table: Table) -> None:
    assert all(map(leads_with_guild, keys(table))) == (table.name not in OF_NO_GUILD)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_references_stay_within_a_guild(table: Table) -> None:
    for constraint in table.foreign_key_constraints:
        assert leads_with_guild([column.name for column in constraint.columns]), constraint


def test_the_guide_names_each_table_of_no_guild() -> None:
    guide = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")

    assert [name for name in OF_NO_GUILD if f"`{name}`" not in guide] == []
