"""What channels are told about gifts: remembered, so that a message grows over a restart instead of coming twice."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.announcements import Announcement, channel_for, refill
from bot.domain.anonymity import in_public
from bot.domain.catalogue import Tier
from bot.domain.errors import InvalidAmount, UnknownGuild
from bot.domain.gift_totals import GiftTotals, Note, gift_line_key
from bot.domain.posts import Post, PostForm
from bot.domain.quiet_hours import DAY_MINUTES, quiet_until
from bot.domain.receipts import Receipt
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import journal
from bot.storage.stores import announcement_settings, announcements, guilds

PAGE = 5_000
"""Rows of the journal that are read at a time."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a guild: announcements by channel, with their gifts, and what stands below messages."""

    announcements: Mapping[int, Sequence[Announcement]]
    totals: Sequence[Post]


Notes = Sequence[tuple[int, int, int]]
"""Which notes are told where: the channel, the first row of the post, and the gift's own row, for each."""


@dataclass(frozen=True, slots=True)
class AnnouncementPolicy:
    """What a guild wants: where gifts are told (0: where they were sent), and how."""

    gift_channel_id: int
    manners: AnnouncementSettings
    zone: ZoneInfo

    def channel_for(self, gift: Receipt) -> int:
        """Return where a gift is announced, 0 for nowhere."""
        return channel_for(gift, self.gift_channel_id, self.manners.lowest_tier)

    def quiet_until(self, now_ms: int) -> int:
        """Return when the quiet hours around `now_ms` end, 0 outside of them."""
        return quiet_until(now_ms, self.manners.quiet_start, self.manners.quiet_end, self.zone)


class Announcements:
    """The memory of the announcer, and the choices that it follows. `clock` gives milliseconds UTC."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self.clock = clock

    async def unfinished(self) -> list[int]:
        """Return the guilds in which a message is promised, or pinned."""
        return await self._database.read(announcements.unfinished_guilds)

    async def known(self, guild_id: int) -> Known:
        """Return what is remembered of a guild."""
        posts = await self._database.writer.perform(announcements.known, guild_id, self.clock())
        totals = [post for post in posts if post.form in {PostForm.TOTALS, PostForm.ROUNDUP}]
        others = [post for post in posts if post.form not in {PostForm.TOTALS, PostForm.ROUNDUP}]
        return Known(await self._database.read(_refilled, guild_id, others), totals)

    async def wishes(self, guild_id: int) -> AnnouncementPolicy:
        """Return what a guild wants; raise UnknownGuild."""
        return await self._database.read(_wishes, guild_id)

    async def follow(
        self,
        guild_id: int,
        follower: str,
        seq: int,
        posts: Collection[Post],
        on_messages: Sequence[tuple[int, int]],
        notes: Notes,
    ) -> None:
        """Keep posts, their notes and which gifts are on messages, (message, sequence number), and move the follower's
        cursor."""
        await self._database.writer.perform(announcements.follow, guild_id, follower, seq, posts, on_messages, notes)

    async def regroup(self, guild_id: int, posts: Collection[Post], notes: Notes) -> None:
        """Keep posts between which gifts have moved, and where their notes are told now."""
        await self._database.writer.perform(announcements.regroup, guild_id, posts, notes)

    async def notes(self, guild_id: int, channel_id: int, first_seq: int) -> list[Note]:
        """Return all notes that one message of ours in a channel tells, known by its first row; oldest first."""
        return await self._database.read(_notes, guild_id, channel_id, first_seq)

    async def save(self, post: Post) -> None:
        """Keep what has become of a message."""
        await self._database.writer.perform(announcements.save, [post])

    async def below(self, guild_id: int, message_ids: Collection[int]) -> list[Post]:
        """Return our replies below messages, and the roundups that list some of them."""
        return await self._database.read(announcements.below, guild_id, message_ids)

    async def totals(self, post: Post) -> dict[int, GiftTotals]:
        """Return all gifts on each message that a reply or a roundup is about, added up."""
        return await self._database.read(_totals, post)

    async def manners(self, guild_id: int) -> AnnouncementSettings:
        """Return how a guild wants gifts to be announced."""
        return await self._database.read(announcement_settings.manners, guild_id)

    async def change(
        self,
        guild_id: int,
        *,
        quiet_start: int | None = None,
        quiet_end: int | None = None,
        lowest_tier: Tier | None = None,
    ) -> AnnouncementSettings:
        """Change what is given, minutes after midnight and a tier; raise InvalidAmount."""
        for minutes in (quiet_start, quiet_end):
            if minutes is not None and not 0 <= minutes < DAY_MINUTES:
                raise InvalidAmount(str(minutes), 0, DAY_MINUTES - 1)
        values = {"quiet_start": quiet_start, "quiet_end": quiet_end, "lowest_tier": lowest_tier}
        given = {name: value for name, value in values.items() if value is not None}
        return await self._database.writer.perform(_change, guild_id, given)

    async def wants_no_pings(self, guild_id: int, member_id: int) -> bool:
        """Whether a member has asked not to be pinged."""
        return await self._database.read(announcement_settings.wants_no_pings, guild_id, member_id)

    async def set_no_pings(self, guild_id: int, member_id: int, *, no_pings: bool) -> None:
        """Keep whether a member is not to be pinged."""
        await self._database.writer.perform(announcement_settings.save_no_pings, guild_id, member_id, no_pings)


def _wishes(c: Connection, guild_id: int) -> AnnouncementPolicy:
    rules = guilds.rules(c, guild_id)
    if rules is None:
        raise UnknownGuild
    return AnnouncementPolicy(
        rules.gift_channel_id, announcement_settings.manners(c, guild_id), ZoneInfo(rules.time_zone)
    )


def _refilled(c: Connection, guild_id: int, posts: Sequence[Post]) -> dict[int, list[Announcement]]:
    """Return `posts` with their gifts, read from the journal once for all channels."""
    by_channel: dict[int, list[Post]] = {}
    for post in posts:
        by_channel.setdefault(post.channel_id, []).append(post)
    gifts: dict[int, list[Receipt]] = {channel_id: [] for channel_id in by_channel}
    if posts:
        wishes = _wishes(c, guild_id)
        everything = replace(wishes, manners=AnnouncementSettings(guild_id))
        for row in _rows(c, guild_id, min(post.first_seq for post in posts), max(post.last_seq for post in posts)):
            channel_id = everything.channel_for(row) if row.kind == "gift" else 0
            if channel_id in gifts:
                gifts[channel_id].append(row)
    return {channel_id: refill(mine, gifts[channel_id]) for channel_id, mine in by_channel.items()}


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


def _totals(c: Connection, post: Post) -> dict[int, GiftTotals]:
    guild_id = post.guild_id
    messages = [post.about] if post.about else announcements.listed(c, guild_id, post.channel_id, post.first_seq)
    totals: dict[int, GiftTotals] = {}
    for message_id, gifts in announcements.gifts_on(c, guild_id, messages).items():
        contents = totals[message_id] = GiftTotals()
        for gift in gifts:
            contents.add(in_public(gift))
    return totals


def _notes(c: Connection, guild_id: int, channel_id: int, first_seq: int) -> list[Note]:
    seqs = announcements.notes_of(c, guild_id, channel_id, first_seq)
    gifts = sorted(journal.receipts_with(c, guild_id, seqs), key=lambda gift: gift.seq)
    return [Note(gift_line_key(in_public(gift))[0], gift.note) for gift in gifts if gift.note]


def _change(c: Connection, guild_id: int, given: dict[str, int | Tier]) -> AnnouncementSettings:
    guilds.lock(c, guild_id)
    changed = replace(announcement_settings.manners(c, guild_id), **given)  # pyright: ignore[reportArgumentType] - by field name
    announcement_settings.save_manners(c, changed)
    return changed
