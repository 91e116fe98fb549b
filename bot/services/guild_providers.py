"""How a guild's members can pay: staff choose among the providers that the operator has switched on."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from bot.domain.buying_errors import ProviderDown
from bot.domain.confirmation_errors import SecretTaken
from bot.domain.errors import NotFound
from bot.domain.guild_providers import PaymentMethod, ProviderChoice, hash_secret
from bot.domain.packages import Package
from bot.domain.staff_acts import NOBODY, ActKind, change
from bot.payments.provider import NamingProvider, OnboardingProvider, Provider, ProviderError, SelectiveProvider
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import guild_providers, guilds, staff_acts

log = logging.getLogger(__name__)

_KEY = frozenset({"provider"})


class GuildProviders:
    """The use-cases of choosing providers."""

    def __init__(self, database: Database, providers: Sequence[Provider], clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._providers = {provider.name: provider for provider in providers}

    def name_servers(self, name_of: Callable[[int], str]) -> None:
        """Let `name_of` say what a guild is called, where a provider has a use for that."""
        for provider in self._providers.values():
            if isinstance(provider, NamingProvider):
                provider.name_servers(name_of)

    async def methods(self, guild_id: int) -> list[PaymentMethod]:
        """Return every payment method that the guild's staff can choose, in the operator's order."""
        return await self._database.read(_methods, guild_id, self.defaults(guild_id))

    def defaults(self, guild_id: int) -> list[PaymentMethod]:
        """Return every payment method of the guild, in its state before staff choose anything about it."""
        return [
            PaymentMethod(name, provider.test, provider.needs_account, provider.is_default)
            for name, provider in self._providers.items()
            if provider.serves(guild_id)
        ]

    async def offered(self, guild_id: int) -> list[PaymentMethod]:
        """Return the payment methods that members have, in the operator's order."""
        return [method for method in await self.methods(guild_id) if method.is_offered]

    def sellers(self, package: Package, methods: Sequence[PaymentMethod]) -> list[PaymentMethod]:
        """Return those of a guild's `methods` with which members can pay for a package."""
        return [method for method in methods if method.is_offered and self._sells(method.provider, package)]

    def _sells(self, name: str, package: Package) -> bool:
        provider = self._providers[name]
        return not isinstance(provider, SelectiveProvider) or provider.sells(package)

    async def choose(self, guild_id: int, names: Collection[str], *, by: int = NOBODY) -> None:
        """Switch on exactly the providers with these names. Open orders can still be paid at the others.

        Raise NotFound unless the operator has all of them on for the guild.
        """
        for name in names:
            self.serving(guild_id, name)
        defaults = self.defaults(guild_id)
        await self._database.writer.perform(_choose, guild_id, defaults, frozenset(names), by, self._clock())

    async def connect(
        self,
        guild_id: int,
        name: str,
        account: str,
        *,
        secret: str = "",
        confirmations: int | None = None,
        by: int = NOBODY,
    ) -> None:
        """Set the guild's own account at a provider, and switch that on. Without a `secret` the old one stays.

        Raise NotFound, or SecretTaken if another guild has that secret.
        """
        provider = self.serving(guild_id, name)
        choice = ProviderChoice(
            guild_id,
            provider.name,
            is_on=True,
            account=account,
            secret_hash=hash_secret(provider.name, secret) if secret else "",
            confirmations=confirmations,
        )
        await self._database.writer.perform(_connect, choice, self.defaults(guild_id), by, self._clock())

    async def onboard(self, guild_id: int, name: str, *, by: int = NOBODY) -> str:
        """Return where staff set up the guild's own account at a provider, "" once that may take payments.

        Members are offered it from then on. Raise NotFound, or ProviderDown.
        """
        provider = self.serving(guild_id, name)
        if not isinstance(provider, OnboardingProvider) or not provider.needs_account:
            raise NotFound("provider")
        choices = await self._database.read(guild_providers.choices, guild_id)
        account, page = choices[name].account if name in choices else "", ""
        try:
            if not account or not await provider.is_ready(account):
                account, page = await provider.onboard(guild_id, account)
        except ProviderError as error:
            log.warning("The account of guild %s at provider %s could not be set up: %s", guild_id, name, error)
            raise ProviderDown(name) from error
        choice = ProviderChoice(guild_id, name, is_on=not page, account=account)
        await self._database.writer.perform(_connect, choice, self.defaults(guild_id), by, self._clock())
        return page

    def serving(self, guild_id: int, name: str) -> Provider:
        """Return the provider with this name. Raise NotFound unless the operator has it on for the guild."""
        provider = self._providers.get(name)
        if provider is None or not provider.serves(guild_id):
            raise NotFound("provider")
        return provider


def note_money(connection: Connection, guild_id: int, defaults: Sequence[PaymentMethod], now_ms: int) -> None:
    """Note whether members can pay with real money now: where they can, gifts of test coins count on no board."""
    is_sold = guild_id in selling_for_money(connection, {guild_id: defaults})
    guilds.note_money(connection, guild_id, now_ms if is_sold else None)


def selling_for_money(connection: Connection, defaults: Mapping[int, Sequence[PaymentMethod]]) -> set[int]:
    """Return the guilds whose members can pay with real money. `defaults` are the payment methods of each."""
    choices = guild_providers.choices_of(connection, defaults.keys())
    return {
        guild_id
        for guild_id, methods in defaults.items()
        if any(method.is_offered and not method.is_test for method in _chosen(methods, choices[guild_id]))
    }


def _methods(connection: Connection, guild_id: int, defaults: Sequence[PaymentMethod]) -> list[PaymentMethod]:
    return _chosen(defaults, guild_providers.choices(connection, guild_id))


def _chosen(defaults: Sequence[PaymentMethod], choices: Mapping[str, ProviderChoice]) -> list[PaymentMethod]:
    return [method.chosen(choices.get(method.provider)) for method in defaults]


def _choose(
    connection: Connection,
    guild_id: int,
    defaults: Sequence[PaymentMethod],
    names: frozenset[str],
    by: int,
    now_ms: int,
) -> None:
    guilds.lock(connection, guild_id)
    choices = guild_providers.choices(connection, guild_id)
    for method in defaults:
        choice = choices.get(method.provider, ProviderChoice(guild_id, method.provider, is_on=method.is_on))
        _save(connection, choice, replace(choice, is_on=choice.provider in names), by, now_ms)
    note_money(connection, guild_id, defaults, now_ms)


def _connect(
    connection: Connection, choice: ProviderChoice, defaults: Sequence[PaymentMethod], by: int, now_ms: int
) -> None:
    guilds.lock(connection, choice.guild_id)
    before = guild_providers.choices(connection, choice.guild_id).get(choice.provider)
    if not choice.secret_hash:
        choice = replace(choice, secret_hash=before.secret_hash if before else "")
    elif guild_providers.guild_with(connection, choice.provider, choice.secret_hash) not in {None, choice.guild_id}:
        raise SecretTaken
    _save(connection, before, choice, by, now_ms)
    note_money(connection, choice.guild_id, defaults, now_ms)


def _save(connection: Connection, before: ProviderChoice | None, choice: ProviderChoice, by: int, now_ms: int) -> None:
    """Save a choice, and keep who made it. Of a secret only the beginning of its hash is kept, to tell two apart."""
    guild_providers.save(connection, choice)
    was, now = (each and replace(each, secret_hash=each.secret_hash[:6]) for each in (before, choice))
    act = change(ActKind.PAYMENT_METHODS, was, now, by=by, at_ms=now_ms, subject=choice.provider, without=_KEY)
    staff_acts.add(connection, choice.guild_id, act)
