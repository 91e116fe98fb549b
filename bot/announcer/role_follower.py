"""Gives members the roles that they should have, and takes those that they no longer should.

    what is stored ─ sources ─ target ┐
    what we gave   ────────── own    ─┼─ plan ─ one request to Discord for each role
    Discord        ────────── present ┘

`bot.storage.stores.role_sources` says which roles a member should have: those of levels, and whatever is added to it. A
change to these marks the member in the same transaction, and a deadline wakes this follower, so nothing is lost if the
process dies. Its work may be repeated: giving a role twice gives it once. A role is noted before it is given, so that
it is known as ours even if the process dies in between; roles that are not noted are never taken.

If Discord does not answer, members wait and are tried again, a few at a time. Without a privileged intent, Discord does
not say who left and came back. So everybody with a role is compared again once a day and after each start, and a member
who uses the bot is compared with what that interaction says about them.

Staff are told once about a role that cannot be given (`bot.domain.member_roles.Trouble`). It is tried again when a role
of the guild changes.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import aiohttp
import discord

from bot.announcer.failures import Failure, meaning_of
from bot.announcer.staff import StaffMessenger
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.domain.errors import BooksClosed, Busy
from bot.domain.member_roles import RolePlan, RoleTask, Trouble, plan_of
from bot.logs import of_kind
from bot.services import Services
from bot.ui.kit.given_roles import staff_roles_of, trouble_of
from bot.ui.kit.membership import UNKNOWN_MEMBER, UNKNOWN_USER
from bot.ui.looks.notices import roles_notice

log = logging.getLogger(__name__)

REST_MS: Final = 2_000
"""How long the follower rests between a few members and the next few of the same guild."""

MOST_SEEN: Final = 20_000
"""Members who are remembered as compared."""

UNKNOWN_ROLE: Final = 10011
REASON: Final = "Earned with gifts, or unlocked as a perk"
"""What stands in Discord's audit log."""


class _Turn(NamedTuple):
    """A look at some members of a guild. `troubles` are gathered, None for roles that can be given."""

    guild: discord.Guild
    staff_ids: Collection[int]
    troubles: dict[int, Trouble | None]

    def allows(self, role_id: int, *, gives: bool) -> bool:
        """Whether the bot can give or take a role, as far as that is known without asking."""
        if role_id not in self.troubles:
            self.troubles[role_id] = trouble_of(self.guild, role_id, self.staff_ids)
        why = self.troubles[role_id]
        return why is None or (why is Trouble.POWER and not gives)


class RoleFollower:
    """Handles the deadlines of members' roles, and hears of what makes them worth a look."""

    def __init__(self, services: Services, client: Rosette, staff: StaffMessenger) -> None:
        self._services = services
        self._roles = services.member_roles
        self._client = client
        self._staff = staff
        self._started: set[int] = set()
        self._giving: set[int] = set()
        self._seen: OrderedDict[tuple[int, int, float], None] = OrderedDict()
        self._looks: set[asyncio.Task[None]] = set()

    def listen(self) -> None:
        """Begin to listen."""
        self._client.add_listener(self._on_guild, "on_guild_available")
        self._client.add_listener(self._on_role_update, "on_guild_role_update")
        self._client.add_listener(self._on_role_delete, "on_guild_role_delete")
        self._client.add_listener(self._on_member, "on_member_update")
        self._client.member_watchers.append(self.see)

    async def follow(self, deadline: Deadline) -> int | None:
        """Look at a few members; return when the next ones are due. Raises BooksClosed."""
        guild_id = deadline.guild_id
        guild = self._client.get_guild(guild_id)
        tasks, offered_ids = await self._roles.due(guild_id), await self._roles.offered(guild_id)
        if guild is not None and (tasks or offered_ids):
            self._giving.add(guild_id)
            rules = await self._services.guilds.rules(guild_id)
            turn = _Turn(guild, staff_roles_of(rules), {})
            for role_id in offered_ids:
                turn.allows(role_id, gives=True)
            for task in tasks:
                await self._look_at(turn, task)
            await self._note_troubles(guild_id, turn.troubles)
        next_ms = await self._roles.next_ms(guild_id)
        return None if next_ms is None else max(next_ms, self._client.clock.estimate() + REST_MS)

    def see(self, interaction: discord.Interaction) -> None:
        """Compare somebody who uses the bot, once for each time that they joined."""
        guild_id, member = interaction.guild_id, interaction.user
        if guild_id not in self._giving or not isinstance(member, discord.Member) or member.joined_at is None:
            return
        key = (guild_id, member.id, member.joined_at.timestamp())
        if key in self._seen:
            return
        self._seen[key] = None
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        task = asyncio.create_task(self._compare(guild_id, member.id, [role.id for role in member.roles]))
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def _compare(self, guild_id: int, member_id: int, role_ids: Collection[int]) -> None:
        try:
            await self._roles.look(guild_id, member_id, role_ids)
        except (BooksClosed, Busy) as error:
            log.debug("Whether member %s of guild %s lacks a role is looked at later: %s", member_id, guild_id, error)

    async def _look_at(self, turn: _Turn, task: RoleTask) -> None:
        guild_id = turn.guild.id
        if not task.member_id:
            await self._roles.leave(guild_id, task.holder)
            return
        try:
            member = await turn.guild.fetch_member(task.member_id)
            plan = plan_of(task.target, task.own, [role.id for role in member.roles])
            is_done = await self._carry_out(turn, task, member, plan)
        except discord.HTTPException as error:
            if error.code in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                await self._roles.leave(guild_id, task.holder)
                return
            kind = of_kind(f"roles of guild {guild_id}")
            log.warning("The roles of holder %s in guild %s wait: %s", task.holder, guild_id, error, extra=kind)
            is_done = False
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("Discord cannot be reached for roles of guild %s; trying again later: %r", guild_id, error)
            is_done = False
        if is_done:
            await self._roles.settle(guild_id, task)
        else:
            await self._roles.postpone(guild_id, task)

    async def _carry_out(self, turn: _Turn, task: RoleTask, member: discord.Member, plan: RolePlan) -> bool:
        """Give and take what can be given and taken; return whether that was all."""
        guild_id = turn.guild.id
        await self._roles.forget(guild_id, task.holder, plan.forget)
        to_give = [role_id for role_id in plan.give if turn.allows(role_id, gives=True)]
        to_take = [role_id for role_id in plan.take if turn.allows(role_id, gives=False)]
        await self._roles.note_given(guild_id, task.holder, to_give)
        gave = [await self._ask(turn, member, role_id, gives=True) for role_id in to_give]
        taken = [role_id for role_id in to_take if await self._ask(turn, member, role_id, gives=False)]
        await self._roles.forget(guild_id, task.holder, taken)
        present = {role.id for role in member.roles} | {
            role for role, is_given in zip(to_give, gave, strict=True) if is_given
        }
        await self._roles.note_delivered(guild_id, task.holder, task.awaited & present)
        return all(gave) and len(taken) == len(plan.take) and len(to_give) == len(plan.give)

    async def _ask(self, turn: _Turn, member: discord.Member, role_id: int, *, gives: bool) -> bool:
        """Give or take one role; return whether Discord did. Raises HTTPException if it may work later."""
        change = member.add_roles if gives else member.remove_roles
        try:
            await change(discord.Object(role_id), reason=REASON, atomic=True)
        except discord.HTTPException as error:
            if error.code in {UNKNOWN_MEMBER, UNKNOWN_USER} or meaning_of(error) is Failure.PASSES:
                raise
            turn.troubles[role_id] = Trouble.GONE if error.code == UNKNOWN_ROLE else Trouble.REFUSED
            return False
        return True

    async def _note_troubles(self, guild_id: int, seen: Mapping[int, Trouble | None]) -> None:
        """Tell staff once of roles that cannot be given or taken."""
        before = await self._roles.troubles(guild_id)
        current = {role_id: why for role_id, why in {**before, **seen}.items() if why is not None}
        if current == before:
            return
        fresh = {role_id: why for role_id, why in current.items() if before.get(role_id) is not why}
        if fresh:
            name = "roles:" + ",".join(f"{role_id}-{why}" for role_id, why in fresh.items())
            await self._staff.tell(guild_id, name, lambda r: roles_notice(fresh, r))
        await self._roles.note_troubles(guild_id, current)

    async def _on_guild(self, guild: discord.Guild) -> None:
        """After a start, compare everybody: what happened meanwhile, nobody says."""
        if guild.id not in self._started:
            self._started.add(guild.id)
            await self._client.open_books(guild.id)
            if not await self._roles.has_any(guild.id):
                return
            if await self._roles.earned(guild.id):
                self._giving.add(guild.id)
            await self._roles.check_again(guild.id)

    async def _on_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        await self._retry(after.guild)

    async def _on_role_delete(self, role: discord.Role) -> None:
        await self._retry(role.guild, role.id)

    async def _on_member(self, _before: discord.Member, after: discord.Member) -> None:
        if after.id == after.guild.me.id:
            await self._retry(after.guild)

    async def _retry(self, guild: discord.Guild, gone_id: int = 0) -> None:
        """Compare everybody again if a role may be given now that could not, or if one of ours is gone."""
        is_ours = gone_id in await self._roles.earned(guild.id)
        if is_ours or await self._roles.troubles(guild.id):
            await self._roles.check_again(guild.id)
            await self._roles.look_soon(guild.id)
