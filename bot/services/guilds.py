"""Guilds and what they decide for themselves."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from zoneinfo import available_timezones

from bot.domain import text
from bot.domain.deadlines import AT_ONCE_MS, creator_week_of
from bot.domain.errors import InvalidText, InvalidTimeZone, UnknownGuild
from bot.domain.guild_providers import PaymentMethod
from bot.domain.guilds import CURRENCY_LENGTH, OUR_CURRENCY, GuildCurrency, GuildRules, Setting
from bot.domain.policy import Actor, Staff
from bot.domain.staff_acts import NOBODY, ActKind, change
from bot.services.budgets import ROWS_AT_ONCE
from bot.services.emoji import check_emoji
from bot.services.guild_providers import GuildProviders, note_money, selling_for_money
from bot.services.shared_reads import SharedReads
from bot.services.single_flight import SingleFlight
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import budgets, creators, deadlines, guilds, overlays, results, staff_acts
from bot.unhurried import is_unhurried

log = logging.getLogger(__name__)


class Guilds:
    """The use-cases of a guild's settings."""

    def __init__(
        self, database: Database, clock: Callable[[], int], providers: GuildProviders, *, packages_archived: bool
    ) -> None:
        self._database = database
        self._clock = clock
        self._providers = providers
        self._packages_archived = packages_archived
        self._rules: SharedReads[int, GuildRules] = SharedReads(partial(database.read, guilds.rules_of))
        self._glances: SharedReads[int, GuildRules] = SharedReads(self._glance)
        self._openings: SingleFlight[tuple[int, bool], None] = SingleFlight()
        self._currencies: dict[int, GuildCurrency] = {}
        self._languages: dict[int, str] = {}
        self._changes = 0

    async def welcome(self, guild_id: int) -> None:
        """Open books for a guild, with the default catalogue and packages. If it has books, go on with them."""
        # A task that somebody waits for must not wait for one that takes turns. It opens the books itself.
        await self._openings.run((guild_id, is_unhurried()), partial(self._open, guild_id))

    async def is_open(self, guild_id: int) -> bool:
        """Whether a guild has books and `welcome` would change nothing. Many guilds share a read."""
        changes = self._changes
        rules = await self._glances.get(guild_id)
        # What was read before a change must not replace it.
        if rules is not None and changes == self._changes:
            self._note_voice(rules)
        return rules is not None

    async def left(self, guild_id: int) -> None:
        """Note that the bot was removed from the guild. Nothing is deleted, because it may be invited again."""
        await self._database.writer.perform(_leave, guild_id, self._clock())

    async def rules(self, guild_id: int) -> GuildRules:
        """Return the guild's settings; raise UnknownGuild."""
        changes = self._changes
        rules = _required(await self._rules.get(guild_id)).at(self._clock())
        # What was read before a change must not hide it again.
        if changes == self._changes:
            self._note_voice(rules)
        return rules

    def currency(self, guild_id: int) -> GuildCurrency:
        """Return what the guild calls its coins, as this process last read it: every sentence needs it."""
        return self._currencies.get(guild_id, OUR_CURRENCY)

    def language(self, guild_id: int) -> str | None:
        """Return the language that the guild chose for what everybody sees, as this process last read it."""
        return self._languages.get(guild_id)

    async def change(self, guild_id: int, *, by: int = NOBODY, **values: Setting) -> GuildRules:
        """Change settings (fields of GuildRules) after checking them.

        Raises InvalidAmount, EmptyRange, InvalidTimeZone, or InvalidText for the currency's name or emoji. An empty
        name or emoji means ours.
        """
        zone = values.get("time_zone")
        if zone is not None and zone not in available_timezones():
            # Shortened, because the refusal quotes it.
            raise InvalidTimeZone(str(zone)[:40])
        values |= _currency(values)
        count = await self._count(guild_id, values)
        rules = await self._database.writer.perform(_change, guild_id, values, by, count, self._clock())
        self._changes += 1
        self._note_voice(rules)
        return rules

    async def _count(self, guild_id: int, values: Mapping[str, Setting]) -> budgets.GuildCount | None:
        """Count what members have gifted where a change needs that, a part at a time, so that nobody's gift waits."""
        if values.get("time_zone") is None and values.get("young_limit") is None:
            return None
        now_ms = self._clock()
        rules = (await self.rules(guild_id)).at(now_ms).changed(**values)
        count = await self._database.read(budgets.guild_begun, rules, now_ms)
        while True:
            further = await self._database.read(budgets.guild_counted_further, guild_id, count, ROWS_AT_ONCE)
            if further.seq < count.seq + ROWS_AT_ONCE:
                return further
            count = further

    async def actor(
        self, guild_id: int, user_id: int, role_ids: Collection[int], *, manages_guild: bool, owns_guild: bool = False
    ) -> Actor:
        """Return who `user_id` is in this guild, for the policy table; raise UnknownGuild."""
        rules = await self.rules(guild_id)
        staff = frozenset(staff for staff in Staff if rules.role_of(staff) in role_ids)
        is_creator = await self._database.read(creators.is_creator, guild_id, user_id)
        return Actor(user_id, staff, manages_guild, is_creator, owns_guild)

    async def _open(self, guild_id: int) -> None:
        methods = self._providers.defaults(guild_id)
        is_new, rules = await self._database.writer.perform(
            _ensure, guild_id, self._clock(), methods, self._packages_archived
        )
        self._note_voice(rules)
        if is_new:
            log.info("Opened books for guild %s", guild_id)

    async def _glance(self, guild_ids: Collection[int]) -> dict[int, GuildRules]:
        methods = {guild_id: self._providers.defaults(guild_id) for guild_id in guild_ids}
        return await self._database.read(_open_as_they_should, methods)

    def _note_voice(self, rules: GuildRules) -> None:
        # Few guilds have a currency or a language of their own.
        self._currencies.pop(rules.guild_id, None)
        self._languages.pop(rules.guild_id, None)
        if rules.currency != OUR_CURRENCY:
            self._currencies[rules.guild_id] = rules.currency
        if rules.language:
            self._languages[rules.guild_id] = rules.language


def _currency(values: Mapping[str, Setting]) -> dict[str, Setting]:
    """Return those of `values` that say what coins are called, in the form in which they are stored."""
    checked: dict[str, Setting] = {}
    if name := values.get("currency_name"):
        checked["currency_name"] = text.clean(str(name), CURRENCY_LENGTH)
        if not checked["currency_name"]:
            raise InvalidText("name", CURRENCY_LENGTH)
    if emoji := values.get("currency_emoji"):
        checked["currency_emoji"] = check_emoji(str(emoji))
    return checked


def _ensure(
    connection: Connection, guild_id: int, now_ms: int, methods: Sequence[PaymentMethod], archived: bool
) -> tuple[bool, GuildRules]:
    is_new = guilds.ensure(connection, guild_id, now_ms, packages_archived=archived)
    # The operator may have switched providers on or off since the last start.
    note_money(connection, guild_id, methods, now_ms)
    return is_new, _required(guilds.rules(connection, guild_id))


def _open_as_they_should(
    connection: Connection, methods: Mapping[int, Sequence[PaymentMethod]]
) -> dict[int, GuildRules]:
    """Return the settings of those guilds for which `_ensure` would change nothing. `methods` are all, by guild."""
    selling_ids = selling_for_money(connection, methods)
    rules = guilds.rules_of_open(connection, methods.keys())
    return {guild_id: each for guild_id, each in rules.items() if each.sells_for_money is (guild_id in selling_ids)}


def _leave(connection: Connection, guild_id: int, now_ms: int) -> None:
    guilds.mark_left(connection, guild_id, now_ms)
    overlays.revoke(connection, guild_id, None, now_ms)


def _change(
    connection: Connection,
    guild_id: int,
    values: dict[str, Setting],
    by: int,
    count: budgets.GuildCount | None,
    now_ms: int,
) -> GuildRules:
    guilds.lock(connection, guild_id)
    before = _required(guilds.rules(connection, guild_id)).at(now_ms)
    rules = before.changed(**values)
    guilds.save(connection, rules)
    if rules.time_zone != before.time_zone:
        # Weeks begin at another time now. Whether one is due is decided when somebody looks.
        deadlines.put_earliest(connection, [creator_week_of(guild_id, AT_ONCE_MS)])
        results.look_again(connection, guild_id)
        budgets.recount(connection, rules, now_ms, count)
    if rules.young_limit is not None and before.young_limit is None:
        budgets.count_young(connection, rules, now_ms, count)
    staff_acts.add(connection, guild_id, change(ActKind.SETTINGS, before, rules, by=by, at_ms=now_ms))
    return rules


def _required(rules: GuildRules | None) -> GuildRules:
    if rules is None:
        raise UnknownGuild
    return rules
