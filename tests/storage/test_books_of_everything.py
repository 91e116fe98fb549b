"""Books that the benchmarks make, with everything that can happen: the audit finds nothing, and each planted figure."""

from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.aftermath import happen
from benchmarks.books import fill
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine

ROUNDS = 3
PLANTED = {
    "reversals": ("UPDATE reversals SET part = part + 1 WHERE seq = (SELECT max(seq) FROM reversals)", "taken back"),
    "chests": ("UPDATE chests SET taken = taken + 1 WHERE chest_id = (SELECT max(chest_id) FROM chests)", "chest"),
    "chip-ins": ("UPDATE chip_ins SET collected = collected - 1 WHERE collected > 0", "chip"),
    "chips": ("UPDATE chips SET promo = promo + 1 WHERE seq = (SELECT max(seq) FROM chips)", "chip"),
    "payouts": ("UPDATE payouts SET diamonds = diamonds + 1 WHERE state = 'paid'", "payout"),
    "rejected payouts": ("UPDATE payouts SET diamonds = diamonds + 1 WHERE state = 'rejected'", "payout"),
}
"""A change to each table, and a word of what the audit says about it."""


@pytest.fixture
async def address(address: str) -> str:
    """Books of a guild with something of everything."""
    engine = writing_engine(database_url(address))
    with engine.connect() as connection:
        fill(connection, gifts=60, members=12, creators=2, days=2, belongs=True)
    engine.dispose()
    await happen(address, ROUNDS, members=12, creators=2, days=2)
    return address


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("planted", list(PLANTED))
def test_a_wrong_figure_in_the_tables_of_any_kind_of_money_is_named(address: str, planted: str, tmp_path: Path) -> None:
    before = [*audit_database(address)]
    statement, word = PLANTED[planted]
    engine = writing_engine(database_url(address))
    with engine.begin() as connection:
        changed = connection.execute(text(statement)).rowcount
    engine.dispose()
    findings = [finding.what for finding in audit_database(address)]

    assert before == []
    assert changed > 0
    assert [finding for finding in findings if word in finding], findings
