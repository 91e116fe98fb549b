"""The contract of payment providers: who they are, and which of its claims each of them has to stand.

A claim applies to a provider unless a capability says otherwise, so none is skipped in silence.
`test_contract_matrix.py` shows the whole matrix.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

import pytest

from bot.payments.discord_sku import DiscordSku
from bot.payments.noted import KofiProvider, ManualProvider
from bot.payments.provider import Capability
from bot.payments.sandbox import SandboxProvider
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode
from tests.payments.discord_wire import discord_sku
from tests.payments.noted_wires import kofi, manual
from tests.payments.sandbox_wire import sandbox
from tests.payments.stripe_wire import stripe
from tests.payments.wires import LIVE_SECRET, Clock, Wire
from tests.thoroughness import by_thoroughness


class Contender(NamedTuple):
    """A provider that the contract is tried on, what it can do, and how its wire opens."""

    name: str
    capabilities: frozenset[Capability]
    open_wire: Callable[[Clock], AbstractAsyncContextManager[Wire]]


CONTENDERS: dict[str, Contender] = {
    "sandbox": Contender(SandboxProvider.name, SandboxProvider.capabilities, sandbox),
    "stripe": Contender(StripeProvider.name, StripeProvider.capabilities, lambda clock: stripe(clock, Mode.PLAIN)),
    "stripe-managed": Contender(
        StripeProvider.name, StripeProvider.capabilities, lambda clock: stripe(clock, Mode.MANAGED, "both")
    ),
    "stripe-connect": Contender(
        StripeProvider.name, StripeProvider.capabilities, lambda clock: stripe(clock, Mode.CONNECT, "thin", LIVE_SECRET)
    ),
    "discord_sku": Contender(DiscordSku.name, DiscordSku.capabilities, discord_sku),
    "kofi": Contender(KofiProvider.name, KofiProvider.capabilities, kofi),
    "manual": Contender(ManualProvider.name, ManualProvider.capabilities, manual),
}


_LEFT_OUT: set[str] = by_thoroughness(quick={"stripe-managed"}, full=set(), long=set())
ON_TRIAL = {name: it for name, it in CONTENDERS.items() if name not in _LEFT_OUT}
"""In a quick run without the mode of Stripe that goes the same way as another."""


class Claim(NamedTuple):
    """Which capabilities a claim is about: all of `needs`, one of `one_of`, and none of `lacks`."""

    needs: Collection[Capability] = ()
    one_of: Collection[Capability] = ()
    lacks: Collection[Capability] = ()

    def obstacle(self, capabilities: Collection[Capability]) -> str:
        """Return why a provider with these capabilities is not asked, "" if it is."""
        for capability in sorted(self.needs):
            if capability not in capabilities:
                return f"no {capability}"
        if self.one_of and not {*self.one_of} & {*capabilities}:
            return f"no {' or '.join(sorted(self.one_of))}"
        return next((f"has {capability}" for capability in sorted(self.lacks) if capability in capabilities), "")


CLAIMS: dict[str, Claim] = {}
"""The claims by the names of their tests."""


def claim(**capabilities: Collection[Capability]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Try a test on every provider that has the capabilities which it is about; see `Claim`."""
    about = Claim(**capabilities)

    def try_on_all(test: Callable[..., Any]) -> Callable[..., Any]:
        CLAIMS[test.__name__] = about
        names = [name for name, it in ON_TRIAL.items() if not about.obstacle(it.capabilities)]
        return pytest.mark.parametrize("market", names, indirect=True)(test)

    return try_on_all
