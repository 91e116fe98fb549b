"""An answered interaction is freed by counting references, so that the collector has nothing to search for."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from bot import discordpy_internals


class Extra:
    """Lives as long as the interaction that carries it: interactions themselves take no weak references."""


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def interaction_with(extra: Extra, *, is_answered: bool) -> discord.Interaction:
    interaction: Any = discord.Interaction.__new__(discord.Interaction)
    interaction.extras = {"extra": extra}
    if is_answered:
        interaction.response._response_type = discord.InteractionResponseType.channel_message
    return interaction


@pytest.mark.parametrize("is_answered", [True, False])
def test_an_answered_interaction_is_freed_at_once_and_any_other_can_still_be_answered(
    *, no_collector: None, is_answered: bool
) -> None:
    extra = Extra()
    life = weakref.ref(extra)
    interaction = interaction_with(extra, is_answered=is_answered)

    discordpy_internals.release(interaction)
    can_answer = interaction.response._parent is interaction
    del interaction, extra

    assert (life() is None, can_answer) == (is_answered, not is_answered)
