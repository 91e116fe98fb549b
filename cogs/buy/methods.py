"""The choice of a payment method in the form of buying."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.guild_providers import PaymentMethod
from bot.ui.looks.payment_methods import method_name
from bot.ui.text.reader import Reader
from cogs.buy import render


def method_choice(methods: Sequence[PaymentMethod], reader: Reader) -> ui.RadioGroup[Any]:
    """Return the choice of a payment method. The first is chosen already, so that most buyers need no press for it."""
    # If all methods are for tests, the terms say so.
    is_mixed = len({method.is_test for method in methods}) > 1
    return ui.RadioGroup(
        options=[
            discord.RadioGroupOption(
                label=method_name(method.provider, reader),
                value=method.provider,
                description=render.test_note(reader) if method.is_test and is_mixed else None,
                default=method == methods[0],
            )
            for method in methods
        ]
    )
