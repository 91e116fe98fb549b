"""Every kind of money is known everywhere that tells kinds apart. A new one cannot be forgotten anywhere."""

import subprocess
import sys

import pytest

import bot.storage.stores  # noqa: F401  # pyright: ignore[reportUnusedImport] - registers the projections
from bot.domain.ledger import COMMANDS, KINDS, RULES, STEPS
from bot.domain.ledger.journal import Head, canonical, row_after
from bot.domain.ledger.kinds import Kind
from bot.domain.receipts import Receipt, other_holder
from bot.storage.ledger.projections import PROJECTIONS, SAVES
from bot.ui.looks.staff_digest import NAMES
from bot.ui.text.mentions import ARRIVALS, arrival
from bot.ui.text.reader import reader_for
from cogs.coins.lookup_render import DESCRIPTIONS as LOOKUP_LINES
from cogs.wallet.render import DESCRIPTIONS as WALLET_LINES

ROW_KINDS = {name: kind for name, kind in KINDS.items() if kind.booked_as == name}
"""Without commands that book several rows, all of other kinds."""

kinds = pytest.mark.parametrize("kind", ROW_KINDS.values(), ids=ROW_KINDS)
commands = pytest.mark.parametrize("name", COMMANDS)


@commands
def test_every_kind_that_can_be_asked_for_has_a_rule_and_loads_what_it_reads(name: str) -> None:
    kind, command = KINDS[name], COMMANDS[name]
    assert RULES.get(command) is kind.decide
    assert STEPS.get(command) is kind.steps
    assert (kind.decide is None) is (kind.steps is not None)
    assert command.kind == kind.name
    assert set(kind.reads) <= PROJECTIONS.keys()


@kinds
def test_every_kind_has_a_line_in_wallet_and_lookup_a_sentence_for_its_actor_and_an_audit(kind: Kind) -> None:
    assert kind.name in WALLET_LINES
    assert kind.name in LOOKUP_LINES
    assert kind.name in ARRIVALS
    assert callable(kind.check)


def test_every_effect_of_a_rule_can_be_saved() -> None:
    effects = {
        value
        for command in COMMANDS.values()
        for value in vars(sys.modules[command.__module__]).values()
        if isinstance(value, type) and hasattr(value, "apply") and value.__module__ == command.__module__
    }

    assert effects
    assert effects <= SAVES.keys()


def test_a_kind_that_nobody_knows_raises() -> None:
    row = row_after(Head(), guild_id=1, kind="riddle", key="k", actor=1, at_ms=0, body=canonical({}), entries=())
    receipt = Receipt(1, 1, "riddle", 0, 1, 0, {})

    with pytest.raises(KeyError):
        other_holder(row)
    with pytest.raises(KeyError):
        arrival(receipt, reader_for("en-US"))


def test_the_stores_alone_fill_the_table_of_projections() -> None:
    """The process that writes a SQLite file imports nothing else of ours, so what a cog imports does not help it."""
    program = (
        "import bot.storage.stores\n"
        "from bot.domain.ledger import COMMANDS, KINDS\n"
        "from bot.storage.ledger.projections import PROJECTIONS\n"
        "print({noun for name in COMMANDS for noun in KINDS[name].reads} - PROJECTIONS.keys() or 'complete')"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "complete"


def test_every_kind_has_its_words_in_the_hourly_summary() -> None:
    # Grants are acts of staff, and a migration alone has booked conversions of coins.
    assert NAMES.keys() == ROW_KINDS.keys() - {"grant", "test_coins"}
