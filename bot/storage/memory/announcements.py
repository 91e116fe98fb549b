"""What was announced where, so that after a restart a message grows instead of being posted again."""

from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain.announcement_settings import AnnouncementPolicy, AnnouncementSettings
from bot.domain.announcements import Announcement, GuildState, refill
from bot.domain.anonymity import in_public
from bot.domain.errors import UnknownGuild
from bot.domain.gift_totals import GiftTotals
from bot.domain.posts import Post, PostForm
from bot.domain.receipts import Receipt
from bot.storage.database import OpenBooks
from bot.storage.ledger import holders, journal, member_choices
from bot.storage.stores import announcement_settings, announcements, guilds, reversals

PAGE = 5_000
"""Rows of the journal that are read at a time."""


class StoredAnnouncementMemory:
    """The announcer's memory. Fulfils `bot.announcer.memory.AnnouncementMemory`; `clock` gives milliseconds UTC."""

    def __init__(self, books: OpenBooks, clock: Callable[[], int]) -> None:
        self._books = books
        self.clock = clock

    async def unfinished(self) -> list[int]:
        return await self._books.read(announcements.unfinished_guilds)

    async def state(self, guild_id: int) -> GuildState:
        now_ms = self.clock()
        state, has_old = await self._books.read(_state, guild_id, now_ms)
        # In most guilds there is nothing to delete, and no job is needed.
        if has_old:
            await self._books.writer.perform(announcements.forget, guild_id, now_ms)
            state, _ = await self._books.read(_state, guild_id, now_ms)
        return state

    async def policy(self, guild_id: int) -> AnnouncementPolicy:
        return await self._books.read(_policy, guild_id)

    async def wants_no_pings(self, guild_id: int, member_id: int) -> bool:
        return (await self._books.read(member_choices.choices, guild_id, member_id)).no_pings

    async def follow(
        self,
        guild_id: int,
        follower: str,
        seq: int,
        posts: Collection[Post],
        on_messages: Sequence[tuple[int, int]],
        notes: Sequence[tuple[int, int, int]],
    ) -> None:
        await self._books.writer.perform(announcements.follow, guild_id, follower, seq, posts, on_messages, notes)

    async def regroup(self, guild_id: int, posts: Collection[Post], notes: Sequence[tuple[int, int, int]]) -> None:
        await self._books.writer.perform(announcements.regroup, guild_id, posts, notes)

    async def save(self, post: Post) -> None:
        await self._books.writer.perform(announcements.save, [post])

    async def below(self, guild_id: int, message_ids: Collection[int]) -> list[Post]:
        return await self._books.read(announcements.below, guild_id, message_ids)

    async def contents(self, announcement: Announcement) -> GiftTotals:
        post = announcement.post
        undone_gifts = await self._books.read(_undone_gifts, post.guild_id, post.first_seq, post.last_seq)
        in_post = [(gift, pieces) for gift, pieces in undone_gifts if gift.seq in announcement.keys]
        contents = deepcopy(announcement.contents) if in_post else announcement.contents
        for gift, pieces in in_post:
            contents.take_back(gift, announcement.keys[gift.seq], pieces)
        return await self._books.read(_as_shown, post.guild_id, contents)

    async def totals(self, post: Post) -> dict[int, GiftTotals]:
        return await self._books.read(_totals, post)

    async def next_due(self, guild_id: int) -> int | None:
        return await self._books.read(announcements.next_due, guild_id, self.clock())

    async def next_unpin(self, guild_id: int) -> int | None:
        return await self._books.read(announcements.next_unpin, guild_id, self.clock())


def _policy(c: Connection, guild_id: int) -> AnnouncementPolicy:
    rules = guilds.rules(c, guild_id)
    if rules is None:
        raise UnknownGuild
    settings = announcement_settings.settings(c, guild_id)
    return AnnouncementPolicy(rules.gift_channel_id, settings, ZoneInfo(rules.time_zone))


def _state(c: Connection, guild_id: int, now_ms: int) -> tuple[GuildState, bool]:
    """Return what is known of a guild's posts, and whether old ones are to be deleted first."""
    posts = announcements.known(c, guild_id, now_ms)
    below_messages = [post for post in posts if post.form in {PostForm.TOTALS, PostForm.ROUNDUP}]
    announced = [post for post in posts if post.form not in {PostForm.TOTALS, PostForm.ROUNDUP}]
    state = GuildState(_refilled(c, guild_id, announced), below_messages)
    return state, announcements.has_old(c, guild_id, now_ms)


def _refilled(c: Connection, guild_id: int, posts: Sequence[Post]) -> dict[int, list[Announcement]]:
    """Return `posts` with their gifts by channel, read from the journal once for all channels."""
    posts_by_channel: dict[int, list[Post]] = {}
    for post in posts:
        posts_by_channel.setdefault(post.channel_id, []).append(post)
    gifts: dict[int, list[Receipt]] = {channel_id: [] for channel_id in posts_by_channel}
    if posts:
        # What was announced under earlier settings stays announced.
        policy = replace(_policy(c, guild_id), settings=AnnouncementSettings(guild_id))
        for row in _rows(c, guild_id, min(post.first_seq for post in posts), max(post.last_seq for post in posts)):
            channel_id = policy.channel_for(row) if row.kind == "gift" else 0
            if channel_id in gifts:
                gifts[channel_id].append(row)
    return {channel_id: refill(group, gifts[channel_id]) for channel_id, group in posts_by_channel.items()}


def _rows(c: Connection, guild_id: int, first: int, last: int) -> list[Receipt]:
    rows: list[Receipt] = []
    seq = first - 1
    while seq < last:
        page = journal.after(c, guild_id, seq, min(PAGE, last - seq))
        if not page:
            break
        rows += map(in_public, page)
        seq = page[-1].seq
    return rows


def _undone_gifts(c: Connection, guild_id: int, first: int, last: int) -> list[tuple[Receipt, int]]:
    """Return the gifts in these rows that were taken back at least in part, and how many pieces of each."""
    parts = reversals.parts_between(c, guild_id, first - 1, last)
    receipts = journal.receipts_with(c, guild_id, [*parts]) if parts else []
    return [(row, parts[row.seq]) for row in receipts if row.kind == "gift"]


def _totals(c: Connection, post: Post) -> dict[int, GiftTotals]:
    guild_id = post.guild_id
    message_ids = [post.about] if post.about else announcements.listed(c, guild_id, post.channel_id, post.first_seq)
    totals: dict[int, GiftTotals] = {}
    for message_id, gifts in announcements.gifts_on(c, guild_id, message_ids).items():
        message_totals = totals[message_id] = GiftTotals()
        for gift in gifts:
            message_totals.add(in_public(gift))
    return {message_id: _as_shown(c, guild_id, contents) for message_id, contents in totals.items()}


def _as_shown(c: Connection, guild_id: int, contents: GiftTotals) -> GiftTotals:
    """Return gifts as others may see them now, whatever was known of their senders when they were announced."""
    people = contents.people - {0}
    known = holders.holder_ids(c, {(guild_id, member_id) for member_id in people})
    erased = {member_id for member_id in people if (guild_id, member_id) not in known}
    if erased:
        # Their data may have been deleted through another bot that shares the books.
        contents = contents.without_members(erased)
    choices = member_choices.choices_of(c, guild_id, contents.gifters)
    return replace(
        contents,
        discreet_ids=frozenset(gifter for gifter, chosen in choices.items() if chosen.hides_amounts),
        quiet_ids=frozenset(gifter for gifter, chosen in choices.items() if chosen.is_quiet),
    )
