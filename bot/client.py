"""The Discord client: carries the services, loads the cogs, and has one path for every error."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import aiohttp
import discord
import orjson
from discord import app_commands
from discord.ext import commands

from bot import discordpy_internals, gateway
from bot.clock import Clock
from bot.domain.errors import BooksClosed, Refusal
from bot.domain.ids import created_ms
from bot.services import Services
from bot.services.member_choices import ShownMembers
from bot.shared_timer import SharedTimer
from bot.ui.kit import access, errors, expired, incoming, membership
from bot.ui.kit.answers import SOON_S
from bot.ui.kit.caller import is_installed
from bot.ui.kit.controls import charges
from bot.ui.kit.edited_forms import EditForm
from bot.ui.kit.instances import Instances
from bot.ui.kit.legal import LegalPages
from bot.ui.kit.meter import InteractionMeter
from bot.ui.kit.posting import Poster
from bot.ui.kit.refused_forms import RefusedForms
from bot.ui.kit.shedding import Queue, Shedding
from bot.ui.kit.workload import Workload
from bot.ui.staff_notices import StaffNotices
from bot.ui.text.commands import CommandMentions
from bot.ui.text.translator import Translator
from bot.unhurried import unhurried

log = logging.getLogger(__name__)

COGS = (
    "cogs.buy",
    "cogs.gift",
    "cogs.team",
    "cogs.chip_in",
    "cogs.wallet",
    "cogs.budget",
    "cogs.perks",
    "cogs.leaderboard",
    "cogs.profile",
    "cogs.challenges",
    "cogs.live",
    "cogs.overlay",
    "cogs.packages",
    "cogs.catalogue",
    "cogs.creator",
    "cogs.creators",
    "cogs.cases",
    "cogs.payouts",
    "cogs.discord_shop",
    "cogs.coins",
    "cogs.chest",
    "cogs.redeem",
    "cogs.settings",
    "cogs.verify",
    "cogs.privacy",
    "cogs.help",
)

# Interactions bring their member, roles and permissions with them: nothing privileged is needed.
INTENTS = discord.Intents(guilds=True, guild_scheduled_events=True, emojis_and_stickers=True)


class BooksMissing(Exception):  # noqa: N818 - a state of affairs
    """Discord already has this bot's commands, but these books never registered any. The message is for operators."""


def _ids_of(commands: Iterable[app_commands.AppCommand]) -> dict[str, int]:
    """Return the id of each slash command by its name. A subcommand has the id of its group."""
    groups = app_commands.AppCommandGroup
    ids: dict[str, int] = {}
    for command in commands:
        if command.type is discord.AppCommandType.chat_input:
            subcommands = [option for option in command.options if isinstance(option, groups)]
            ids |= {f"{command.name} {sub.name}": command.id for sub in subcommands} or {command.name: command.id}
    return ids


class Tree(app_commands.CommandTree["Rosette"]):
    """The command tree. Every command passes the policy table here, whatever Discord let through."""

    async def interaction_check(self, interaction: discord.Interaction["Rosette"], /) -> bool:
        """Refuse what the caller may not do. Raises AppCommandErrors only, because discord.py loses any other."""
        with access.Checking():
            if interaction.client.is_closing:
                raise BooksClosed
            if interaction.guild_id is not None and is_installed(interaction):
                await interaction.client.open_books(interaction.guild_id)
            incoming.check(interaction)
            await access.check(interaction)
        return True

    async def on_error(
        self, interaction: discord.Interaction["Rosette"], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell the caller only."""
        await errors.tell(interaction, error)


class Rosette(commands.AutoShardedBot):
    """The bot. `services` is everything it can do; cogs and buttons reach it through `interaction.client`.

    It serves the guilds of `shards`, out of `shard_count`. `http_trace` is called for every request to Discord. `clock`
    learns Discord's time from those requests and from every interaction. `instances` knows whether another process
    answers for the same bot. `/help` leads to the operator's `legal_pages`. A bot that Discord already knows does not
    start with empty books unless `new_books` is set.
    """

    def __init__(
        self,
        services: Services,
        clock: Clock,
        *,
        shards: Sequence[int] = (0,),
        shard_count: int = 1,
        cogs: Sequence[str] = COGS,
        http_trace: aiohttp.TraceConfig | None = None,
        instances: Instances | None = None,
        legal_pages: LegalPages | None = None,
        new_books: bool = False,
    ) -> None:
        trace = http_trace or aiohttp.TraceConfig()
        clock.listen(trace)
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=INTENTS,
            shard_ids=list(shards),
            shard_count=shard_count,
            tree_cls=Tree,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            # READY waits this long for each further guild. Guilds that arrive later get their books when they arrive.
            guild_ready_timeout=0.5,
            http_trace=trace,
        )
        self.services = services
        self.instances = instances or Instances(time.monotonic)
        self.workload = Workload(time.monotonic)
        self.slow_answers = SharedTimer(SOON_S)
        self.meter, self.refused_forms = InteractionMeter(clock.glance), RefusedForms()
        self.legal_pages = legal_pages or LegalPages()
        self.clock = clock
        shedding = Shedding(
            Queue(time.monotonic),
            self._age_of,
            partial(charges, self.tree),
            lambda: self.instances.is_alone,
            discordpy_internals.respond,
            self.meter.shed,
        )
        gateway.contain(self, shedding.takes)
        self.staff_notices = StaffNotices(services)
        self.membership = membership.Membership(partial(membership.look_up, self))
        self.shown_members = ShownMembers(self.membership, services.own_choices)
        self.command_mentions = CommandMentions()
        self.is_closing = False
        self.member_watchers: list[Callable[[discord.Interaction], None]] = []
        """Called with each interaction: nothing else shows that a member has come back."""
        self.poster: Poster
        """Posts messages at the pace of their channels. `bot.app` sets it before the gateway opens."""
        self._cogs_to_load = tuple(cogs)
        self._new_books = new_books
        self._open: set[int] = set()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for this process's turn to identify if there may be several; otherwise do what the library does."""
        if self.shard_count in {None, 1}:
            await super().before_identify_hook(shard_id, initial=initial)
            return
        try:
            await self.services.identify_turns.wait()
        except Refusal:
            await super().before_identify_hook(shard_id)

    async def setup_hook(self) -> None:
        """Load the cogs and bring Discord's copy of the commands up to date. Runs once, before the gateway opens."""
        await self.tree.set_translator(Translator())
        self.add_dynamic_items(EditForm)
        for name in self._cogs_to_load:
            await self.load_extension(name)
        self.add_listener(self.staff_notices.on_command, "on_app_command_completion")
        await self._sync_commands()

    async def _sync_commands(self) -> None:
        """Register the commands if they or Discord's copy changed; Discord limits how often a day a bot may do that.

        Raises BooksMissing.
        """
        payload = [
            await command.get_translated_payload(self.tree, self.tree.translator)
            if self.tree.translator
            else command.to_dict(self.tree)
            for command in self.tree.get_commands()
        ]
        digest = hashlib.sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()
        mark = f"commands:{self.application_id}"
        known_commands = await self.tree.fetch_commands()
        discord_commands = {(command.name, command.type) for command in known_commands}
        own_commands = {(str(entry["name"]), discord.AppCommandType(entry["type"])) for entry in payload}
        registered = await self.services.app_state.get(mark)
        if registered is None and not self._new_books and len(discord_commands & own_commands) > len(own_commands) // 2:
            raise BooksMissing(
                "The books are new, but this bot has run before: Discord already knows its commands. Check "
                "DATABASE_URL, or restore a backup: python -m bot restore BACKUP. To start with new books: python -m "
                "bot run --new-books"
            )
        if discord_commands == own_commands and registered == digest:
            log.info("The commands are up to date")
            self.command_mentions.ids = _ids_of(known_commands)
            return
        # Written before the commands are sent, so that the books have this mark whenever Discord has the commands.
        await self.services.app_state.put(mark, registered or "")
        self.command_mentions.ids = _ids_of(await self.tree.sync())
        await self.services.app_state.put(mark, digest)
        log.info("Registered %d commands", len(payload))

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the library has it
        """Pass an event on to its listeners, if it has any.

        The events of every interaction and every command are handled here: the library would look up listeners by name
        and start a task for each, which took a twentieth of what a gift costs.
        """
        if event == "interaction":
            expired.watch(args[0])
            for watch in self.member_watchers:
                watch(args[0])
        elif event == "guild_available":
            with unhurried():
                super().dispatch(event, *args, **kwargs)
        elif event != "socket_event_type" and (
            event != "app_command_completion" or self.staff_notices.are_for(args[0])
        ):
            super().dispatch(event, *args, **kwargs)

    def _age_of(self, interaction_id: int) -> float:
        """Return how many seconds ago an interaction that has just arrived was created. Its id also tells the clock the
        time."""
        self.clock.hear_id(interaction_id)
        return (self.clock.glance() - created_ms(interaction_id)) / 1000

    def serves(self, guild_id: int) -> bool:
        """Whether the guild belongs to a shard of this process, by Discord's formula."""
        return (guild_id >> 22) % (self.shard_count or 1) in (self.shard_ids or ())

    async def wait_for_answers(self, *, timeout_s: float) -> None:
        """Wait until every interaction in progress is answered, or the time is up."""
        tasks = discordpy_internals.interaction_tasks()
        if tasks:
            await asyncio.wait(tasks, timeout=timeout_s)

    async def open_books(self, guild_id: int) -> None:
        """Open the guild's books if it has none: its first command may arrive before Discord announces the guild."""
        if guild_id in self._open:
            return
        if not await self.services.guilds.is_open(guild_id):
            await self.services.guilds.welcome(guild_id)
        self._open.add(guild_id)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Open books for a guild that was there before this process."""
        await self.open_books(guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Open books for a new guild."""
        # Not `open_books`: if the bot has just left this guild, the job that records it may still be waiting.
        await self.services.guilds.welcome(guild.id)
        self._open.add(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot was removed. An outage of the guild is another event and changes nothing."""
        self._open.discard(guild.id)
        await self.services.guilds.left(guild.id)
        log.info("Left guild %s", guild.id)

    async def on_ready(self) -> None:
        """Only log it: the event may come more than once."""
        log.info("Ready as %s in %d guilds", self.user, len(self.guilds))
