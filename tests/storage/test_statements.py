"""The writer's own statements: each key found through an index, however many are asked for."""

import re

import pytest
from sqlalchemy import Connection

from bot.storage.folds.leaderboards import scores
from bot.storage.ledger import holders, journal, load
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import marks
from bot.storage.stores import catalogue, creators, guilds, live, orders
from tests.storage.town import GUILD, MIA, NOAH

LOOKUPS = [
    pytest.param(lookup, id=f"{module.__name__.rpartition('.')[2]}{name}")
    for module in (catalogue, creators, guilds, holders, journal, scores, live, load, orders)
    for name, lookup in vars(module).items()
    if isinstance(lookup, Lookup)
]


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_every_lookup_goes_through_an_index(c: Connection, lookup: Lookup):
    for text in (lookup.text_for(c.dialect, size) for size in (1, 2, 64)):
        if c.dialect.name == "postgresql":
            steps = steps_of_postgresql(c, text)
            assert not any("Seq Scan" in step for step in steps), steps
            assert any("Index" in step for step in steps), steps
        else:
            steps = [step.detail for step in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?"))]
            assert [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step] == ["SCAN keys"]
            assert any(step.startswith("SEARCH") for step in steps)


def steps_of_postgresql(c: Connection, text: str) -> list[str]:
    """Return the plan for tables that are too large to be read as a whole."""
    c.exec_driver_sql("SET LOCAL enable_seqscan = off")
    kinds = re.findall(r"\$\d+::(\w+)", text)
    plan = c.exec_driver_sql(f"EXPLAIN {text}", tuple(1 if kind == "BIGINT" else "a" for kind in kinds))
    return list(plan.scalars())


@pytest.mark.parametrize("stranger_count", [0, 1, 2, 3, 7, 8, 2_000])
def test_a_lookup_finds_each_key_once_among_any_number(c: Connection, stranger_count: int):
    strangers = [(GUILD, 1_000 + number) for number in range(stranger_count)]

    approved = creators.creators_among(c, [(GUILD, MIA), *strangers, (GUILD, NOAH), (GUILD, MIA)])

    assert approved == {(GUILD, MIA), (GUILD, NOAH)}


def test_nothing_is_asked_for_no_keys(c: Connection):
    assert creators.creators_among(c, []) == set()


def test_inserting_updates_only_where_it_was_told_to(c: Connection):
    replacing = InsertMany(tuple(marks.c), update=lambda new: {"value": new.value})
    replacing.run(c, [])
    replacing.run(c, [("a", "1"), ("b", "1")])

    replacing.run(c, [("b", "2"), ("c", "2")])

    assert c.execute(marks.select().order_by(marks.c.name)).all() == [("a", "1"), ("b", "2"), ("c", "2")]
