"""What interactions are counted as: by labels that are ours, once each, and as soon as they were answered."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import app_commands

from bot.domain.errors import Busy, GiftToSelf, Refusal
from bot.ui.kit.answers import Mode, answer
from bot.ui.kit.cards import Card
from bot.ui.kit.controls import Form
from bot.ui.kit.errors import tell
from bot.ui.kit.expired import watch
from bot.ui.kit.meter import HANDLED, label_for, label_of, reason_of
from bot.ui.kit.replies import Reply, reply
from cogs.cases.handled import FindForm
from cogs.gift.views import Send
from tests.rig import until
from tests.ui.discord_side import GONE, TAKEN, Interaction, refused

CAME_AT = 1_000.0


def of(side: Interaction) -> discord.Interaction:
    return cast("discord.Interaction", side)


def outcomes(side: Interaction) -> dict[tuple[str, ...], int]:
    return {labels: count for labels, count in side.meter.outcomes.counts.items() if count}


def acks(side: Interaction) -> dict[str, int]:
    return {label: sum(spread.counts) for label, spread in side.meter.acks.by_label.items()}


async def done() -> Reply:
    return reply(Card.of("done", 0))


async def ask(side: Interaction, *, age_s: float = 0.1) -> None:
    await answer(of(side), done, Mode.PRIVATE, clock=lambda: CAME_AT + age_s)


async def test_an_answer_counts_once_with_the_time_until_discord_had_it():
    side = Interaction(came_at=CAME_AT)

    await ask(side)

    assert outcomes(side) == {("unknown", "answered"): 1}
    assert acks(side) == {"unknown": 1}
    assert side.meter.acks.by_label["unknown"].total == pytest.approx(0.02)


@pytest.mark.parametrize(("code", "outcome"), [(GONE, "late"), (TAKEN, "taken")])
async def test_what_discord_or_another_process_takes_away_is_no_answer(code: int, outcome: str):
    side = Interaction(came_at=CAME_AT, code=code)

    await ask(side, age_s=2.9)

    assert outcomes(side) == {("unknown", outcome): 1}
    assert acks(side) == {}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (GiftToSelf(), "refused"),
        (Busy(), "refused"),
        (app_commands.CommandNotFound("gone", []), "outdated"),
        (RuntimeError("ours"), "failed"),
        (refused(GONE), "late"),
        (refused(TAKEN), "taken"),
    ],
)
async def test_a_failure_counts_as_what_it_is(error: Exception, outcome: str):
    side = Interaction(kind="modal_submit")

    await tell(of(side), error)

    assert outcomes(side) == {("unknown", outcome): 1}
    counts = {labels[0]: count for labels, count in side.meter.refusals.counts.items() if count}
    assert counts == ({reason_of(type(error)): 1} if isinstance(error, Refusal) else {})


async def test_failures_and_what_is_shed_are_there_before_the_first():
    side = Interaction(came_at=CAME_AT)
    shed = dict(side.meter.outcomes.counts)

    await ask(side)

    assert shed == {("unread", "shed"): 0}
    assert dict(side.meter.outcomes.counts) == shed | {("unknown", "failed"): 0, ("unknown", "answered"): 1}


def test_every_refusal_is_there_before_the_first():
    refusals = Interaction().meter.refusals.counts

    assert ("not_enough_coins",) in refusals
    assert set(refusals.values()) == {0}


async def test_a_form_that_nobody_waits_for_counts_as_outdated():
    side = Interaction(kind="modal_submit")

    watch(of(side))

    async def is_counted() -> bool:
        return outcomes(side) == {("unknown", "outdated"): 1}

    await until(is_counted)
    assert acks(side) == {"unknown": 1}


class Greeting(Form):
    """A form that no cog has."""


@pytest.mark.parametrize(
    ("kind", "extras", "label"),
    [
        ("application_command", {}, "unknown"),
        ("autocomplete", {}, "autocomplete"),
        ("component", {}, "unknown"),
        ("component", {HANDLED: Send.label}, "press gift"),
        ("modal_submit", {HANDLED: "form live"}, "form live"),
    ],
)
def test_labels_are_ours(kind: str, extras: dict[str, Any], label: str):
    side = Interaction(kind=kind)
    side.extras = extras

    assert label_of(of(side)) == label


def test_a_form_is_counted_by_the_cog_that_has_it():
    assert label_for("form", Greeting) == "form shared"
    assert label_for("form", FindForm) == "form cases"


def test_a_command_is_counted_by_its_own_name_only_if_the_tree_has_it():
    side = Interaction()
    side.command = cast("Any", SimpleNamespace(qualified_name="live start"))

    assert label_of(of(side)) == "live start"
