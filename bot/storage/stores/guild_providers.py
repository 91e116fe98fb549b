"""The store of what guilds chose about payment providers."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.domain.confirmations import MOST_CONFIRMATIONS
from bot.domain.guild_providers import ProviderChoice
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import IS_SECRET
from bot.storage.sql.tables import guild_providers as table

_CHOICES = Lookup(select(*columns_of(table, ProviderChoice)), (table.c.guild_id,))


def choices(c: Connection, guild_id: int) -> dict[str, ProviderChoice]:
    """Return what a guild chose, by provider. There is nothing for a provider that it never touched."""
    return choices_of(c, [guild_id])[guild_id]


def choices_of(c: Connection, guild_ids: Collection[int]) -> dict[int, dict[str, ProviderChoice]]:
    """Return what each of several guilds chose, by provider."""
    choices: dict[int, dict[str, ProviderChoice]] = {guild_id: {} for guild_id in guild_ids}
    for guild_id, provider, is_on, *rest in _CHOICES.rows(c, [(guild_id,) for guild_id in guild_ids]):
        choices[guild_id][provider] = ProviderChoice(guild_id, provider, bool(is_on), *rest)
    return choices


def save(c: Connection, choice: ProviderChoice) -> None:
    """Save what a guild chose about one provider."""
    upsert(c, table, values_of(choice) | {"is_on": int(choice.is_on)})


def guild_with(c: Connection, provider: str, secret_hash: str) -> int | None:
    """Return the guild whose secret at a provider has this hash, None if there is none.

    An attacker who guesses secrets learns nothing from how long this takes: they cannot choose the hash that is
    compared.
    """
    same = (table.c.provider == provider, table.c.secret_hash == secret_hash, IS_SECRET)
    return c.execute(select(table.c.guild_id).where(*same)).scalar()


def confirmations(c: Connection, guild_id: int, provider: str) -> int:
    """Return how many people of a guild confirm a payment."""
    same = (table.c.guild_id == guild_id, table.c.provider == provider)
    return c.execute(select(table.c.confirmations).where(*same)).scalar() or MOST_CONFIRMATIONS


def guilds_at(c: Connection, provider: str, account: str) -> list[int]:
    """Return the guilds whose own account at a provider this is, none for the operator's account."""
    same = (table.c.provider == provider, table.c.account == account, table.c.account != "")
    return [*c.execute(select(table.c.guild_id).where(*same).order_by(table.c.guild_id)).scalars()]


def accounts(c: Connection, provider: str) -> list[str]:
    """Return the accounts of all guilds at a provider, including guilds that have switched it off."""
    query = select(table.c.account).where(table.c.provider == provider, table.c.account != "").distinct()
    return [*c.execute(query.order_by(table.c.account)).scalars()]
