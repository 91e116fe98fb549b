"""How a guild's members can pay: staff choose among the providers that the operator has switched on."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.domain.confirmation_errors import SecretTaken
from bot.domain.errors import NotFound
from bot.domain.guild_providers import PaymentMethod, ProviderChoice, hash_secret
from bot.payments.provider import Provider
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import guild_providers, guilds


class GuildProviders:
    """The use-cases of choosing providers."""

    def __init__(self, database: Database, providers: Sequence[Provider]) -> None:
        self._database = database
        self._providers = {provider.name: provider for provider in providers}

    async def methods(self, guild_id: int) -> list[PaymentMethod]:
        """Return every payment method that the guild's staff can choose, in the operator's order."""
        choices = await self._database.read(guild_providers.choices, guild_id)
        return [
            PaymentMethod(
                name,
                provider.test,
                provider.needs_account,
                choice.is_on,
                choice.account,
                bool(choice.secret_hash),
                choice.confirmations,
            )
            for name, provider in self._providers.items()
            if provider.serves(guild_id)
            for choice in (choices.get(name) or _default(guild_id, provider),)
        ]

    async def offered(self, guild_id: int) -> list[PaymentMethod]:
        """Return the payment methods that members have, in the operator's order."""
        return [method for method in await self.methods(guild_id) if method.is_offered]

    async def choose(self, guild_id: int, names: Collection[str]) -> None:
        """Switch on exactly the providers with these names. Open orders can still be paid at the others.

        Raise NotFound unless the operator has all of them on for the guild.
        """
        for name in names:
            self.serving(guild_id, name)
        defaults = [_default(guild_id, provider) for provider in self._providers.values() if provider.serves(guild_id)]
        await self._database.writer.perform(_choose, guild_id, defaults, frozenset(names))

    async def connect(
        self, guild_id: int, name: str, account: str, *, secret: str = "", confirmations: int | None = None
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
        await self._database.writer.perform(_connect, choice)

    def serving(self, guild_id: int, name: str) -> Provider:
        """Return the provider with this name. Raise NotFound unless the operator has it on for the guild."""
        provider = self._providers.get(name)
        if provider is None or not provider.serves(guild_id):
            raise NotFound("provider")
        return provider


def _default(guild_id: int, provider: Provider) -> ProviderChoice:
    return ProviderChoice(guild_id, provider.name, is_on=provider.is_default)


def _choose(connection: Connection, guild_id: int, defaults: list[ProviderChoice], names: frozenset[str]) -> None:
    guilds.lock(connection, guild_id)
    choices = guild_providers.choices(connection, guild_id)
    for default in defaults:
        choice = choices.get(default.provider, default)
        guild_providers.save(connection, replace(choice, is_on=choice.provider in names))


def _connect(connection: Connection, choice: ProviderChoice) -> None:
    guilds.lock(connection, choice.guild_id)
    if not choice.secret_hash:
        before = guild_providers.choices(connection, choice.guild_id).get(choice.provider)
        choice = replace(choice, secret_hash=before.secret_hash if before else "")
    elif guild_providers.guild_with(connection, choice.provider, choice.secret_hash) not in {None, choice.guild_id}:
        raise SecretTaken
    guild_providers.save(connection, choice)
