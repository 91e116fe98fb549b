"""What everybody but the sender and staff can see of a guild's gifts, written down to compare two guilds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from hypothesis import strategies as st

from bot.domain.announcements import ChannelFeed
from bot.domain.creator_weeks import week_at
from bot.domain.gift_totals import GiftTotals
from bot.domain.leaderboards import PUBLIC_BOARDS
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.live_progress import LiveProgress
from bot.domain.match import Match
from bot.domain.periods import Period
from bot.domain.posts import LONGEST_MS, WINDOW_MS, Post, PostForm
from bot.domain.thanks import HIDDEN
from bot.imaging.values import Person
from bot.services import Services
from bot.services.assembly import build
from bot.services.leaderboards import BoardQuery
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.memory.announcements import StoredAnnouncementMemory
from bot.storage.memory.journal_feed import StoredJournalFeed
from bot.storage.memory.live_displays import StoredLiveMemory
from bot.storage.stores import live, matches
from bot.ui.kit import custom_id
from bot.ui.kit.cards import Card, Document, Picture
from bot.ui.looks import stats_picture
from bot.ui.looks.announcements import card_of, roundup_card, totals_card
from bot.ui.looks.creator_weeks import days_of, week_card
from bot.ui.looks.live_card import Scene, live_card
from bot.ui.looks.moments import moments_of
from bot.ui.looks.recap import alt_text, recap_card, recap_of
from bot.ui.looks.thanks import thank_you_card
from bot.ui.text.reader import FALLBACK, reader_for
from cogs.creator import earnings, statement_files, statement_render, stats_export, stats_render, views
from cogs.gift.notes import NotesIds, notes_page
from cogs.wallet import render
from tests.storage.town import (
    ALICE,
    BOB,
    CAROL,
    CHANNEL,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    NOON,
    PAPER_CRANE,
    PETAL,
    ROB,
    ROSETTE,
    WARM_HEART,
    Clock,
    buy,
    event,
    order,
    settle_in,
)

LAST = 18
"""The dearest item of the default catalogue."""
GIVERS = (ALICE, BOB, CAROL)
CREATORS = (MIA, NOAH)
COINS = 10_000_000
READER = reader_for(FALLBACK)
_NO_PICTURE = Picture("stats.png", b"", "")


class PlannedGift(NamedTuple):
    """A gift that follows `wait_ms` after the previous one.

    If it is anonymous, `sender` sends it in one guild and `other_sender` in the other. `for_both` creators is one that
    costs enough for that, and then the message does not matter.
    """

    wait_ms: int
    sender: int
    other_sender: int
    creator: int
    item: int
    pieces: int
    anonymous: bool
    message: int
    noted: bool
    for_both: bool = False

    def command(self, guild_id: int, number: int, *, by_others: bool) -> SendGift | SendTeamGift:
        """Return the command that sends it, the one with this number in a guild."""
        sender = self.other_sender if by_others and self.anonymous else self.sender
        key, note = f"gift {number}", f"note {number}" if self.noted else ""
        if self.for_both and self.item != PETAL:
            return SendTeamGift(guild_id, key, sender, CREATORS, self.item, CHANNEL, note, self.anonymous)
        return SendGift(
            guild_id,
            key,
            sender,
            self.creator,
            self.item,
            self.pieces,
            CHANNEL,
            note=note,
            anonymous=self.anonymous,
            message_id=self.message,
        )


plans = st.builds(
    PlannedGift,
    wait_ms=st.sampled_from([0, 500, WINDOW_MS - 1, WINDOW_MS, LONGEST_MS, 301_000]),
    sender=st.sampled_from(GIVERS),
    other_sender=st.sampled_from(GIVERS),
    creator=st.sampled_from([MIA, NOAH]),
    item=st.sampled_from([PETAL, WARM_HEART, PAPER_CRANE, ROSETTE, LAST]),
    pieces=st.integers(1, 3),
    anonymous=st.booleans(),
    message=st.sampled_from([0, 0, 77]),
    noted=st.booleans(),
    for_both=st.booleans(),
)
"""Any gift that somebody may send."""


@dataclass
class Onlooker:
    """Somebody who sees a guild's gifts and did not send them."""

    books: Database
    clock: Clock
    guild_id: int
    views: list[Any] = field(default_factory=list[Any])
    desks: dict[int, ChannelFeed] = field(default_factory=dict[int, ChannelFeed])
    cursor: int = 0

    @property
    def services(self) -> Services:
        """What may be asked."""
        return build(self.books, [], self.clock)

    @property
    def memory(self) -> StoredAnnouncementMemory:
        """What the announcer remembers."""
        return StoredAnnouncementMemory(self.books, self.clock)

    @property
    def live_memory(self) -> StoredLiveMemory:
        """What it remembers of live events."""
        return StoredLiveMemory(self.books, self.clock)

    @property
    def feed(self) -> StoredJournalFeed:
        """The journal as the announcer reads it."""
        return StoredJournalFeed(self.books)

    async def watch(self, gifts: Sequence[PlannedGift], *, by_others: bool) -> bytes:
        """Send the gifts in a fresh guild and return all that is seen. `by_others` swaps the hidden senders."""
        self.clock.now_ms = NOON
        await self._settle_in()
        show = LiveProgress(self._event, [self._match])
        for number, plan in enumerate(gifts):
            self.clock.now_ms += plan.wait_ms
            await self.books.writer.submit(plan.command(self.guild_id, number, by_others=by_others))
            await self._look_at_channels()
            await self._look_at_board(show)
        await self._look_around()
        return await self._in_the_same_words()

    @property
    def _event(self) -> Any:
        return event(guild_id=self.guild_id, goal=2_000)

    @property
    def _match(self) -> Match:
        return Match(self.guild_id, 5, 900, MIA, NOAH, 1, frozen=False, started_ms=NOON)

    async def _settle_in(self) -> None:
        await self.books.writer.perform(settle_in, self.guild_id)
        for number, giver in enumerate(GIVERS):
            await buy(self.books, order(guild_id=self.guild_id, order_id=500 + number, member_id=giver, coins=COINS))
        await self.books.writer.perform(live.insert, self._event)
        await self.books.writer.perform(live.join, self._event, NOAH, NOON)
        await self.books.writer.perform(matches.insert, self._match)
        self.cursor = (await self.feed.after(self.guild_id, 0))[-1].seq

    async def _look_at_channels(self) -> None:
        """Tell what is new as the announcer does, and look at each message."""
        memory, now_ms = self.memory, self.clock.now_ms
        rows = await self.feed.after(self.guild_id, self.cursor)
        policy = await memory.policy(self.guild_id)
        posts: list[Post] = []
        notes: list[tuple[int, int, int]] = []
        for gift in rows:
            channel_id = policy.channel_for(gift)
            if channel_id:
                desk = self.desks.setdefault(channel_id, ChannelFeed(self.guild_id, channel_id))
                announcement = desk.announce(gift, now_ms)
                announcement.post.attempted_seq = announcement.post.attempted_seq or gift.seq
                announcement.show(gift.seq)
                posts.append(announcement.post)
                notes += [(channel_id, announcement.post.first_seq, gift.seq)] if gift.note else []
                self._see("announcement", announcement.post, self._drawn(announcement.post, announcement.contents))
        replies: list[Post] = []
        for gift in [gift for gift in rows if gift.facts["message"]]:
            desk = self.desks.setdefault(gift.facts["channel"], ChannelFeed(self.guild_id, gift.facts["channel"]))
            replies += desk.count(gift, now_ms)
            notes += [(desk.channel_id, replies[-1].first_seq, gift.seq)] if gift.note else []
        on_messages = [(gift.facts["message"], gift.seq) for gift in rows if gift.facts["message"]]
        self.cursor = rows[-1].seq
        await memory.follow(self.guild_id, "announcer", self.cursor, posts + replies, on_messages, notes)
        await self._look_below_messages(replies)
        for channel_id, first_seq, _seq in notes:
            page = notes_page(
                await self.services.announcements.notes(self.guild_id, channel_id, first_seq),
                NotesIds(first_seq, 0),
                READER,
            )
            self._see("notes", page.card)
        self._see("feed", rows)

    async def _look_below_messages(self, replies: Sequence[Post]) -> None:
        for post in replies:
            totals = await self.memory.totals(post)
            listed = replace(post, about=0, form=PostForm.ROUNDUP)
            self._see("totals", post, totals_card(totals[post.about], READER) if post.about else None)
            self._see("roundup", listed, roundup_card(totals, "https://discord.example", READER))

    async def _look_at_board(self, show: LiveProgress) -> None:
        status = await self.services.live_displays.status(self._event)
        page = await self.services.live_displays.follow(self._event, show.seq)
        show.feed(page.gifts)
        senders = {gift.sender for gift in show.latest if gift.sender is not None}
        members = await self.live_memory.members(self.guild_id, senders)
        now_ms = self.clock.now_ms
        scene = Scene.of(show, members, now_ms)
        self._see("board", live_card(status, READER, scene))
        moments = moments_of(self._event, show, now_ms + 3_000)
        self._see("moments", [(moment.name, moment.at_ms, moment.look((MIA, NOAH), READER)) for moment in moments])

    async def _look_around(self) -> None:
        """Look at all that is left: what a restart remembers, the recap, leaderboards, and what creators have."""
        guild_id, services = self.guild_id, self.services
        state = await self.memory.state(guild_id)
        for announcements in state.announcements.values():
            for announcement in announcements:
                self._see("after a restart", announcement.post, self._drawn(announcement.post, announcement.contents))
        await self.books.writer.perform(live.end, guild_id, 900, self.clock.now_ms)
        recap = await services.live_displays.recap(guild_id, 900)
        people = {member: Person(str(member), member) for member in (*GIVERS, *CREATORS, ROB)}
        card = recap_card(recap, people, READER)
        self._see("recap", recap_of(recap, READER), card, alt_text(card, READER))
        for board in PUBLIC_BOARDS:
            for period in Period:
                for viewer in (MIA, ROB):
                    for fans_of in (None, MIA):
                        query = BoardQuery(guild_id, board, period, viewer, LIVE_CHANNEL, fans_of)
                        self._see("leaderboard", await services.leaderboards.leaderboard(query))
        for number, creator in enumerate(CREATORS):
            self._see("wallet", render.wallet(await services.wallets.overview(guild_id, creator, lines=50), READER))
            await self._look_at_thanks(creator, 100 + 10 * number)
            for period in Period:
                await self._look_at_stats(creator, period)
            await self._look_at_statements(creator)
            await self._look_at_earnings(creator)
            await self._look_at_week(creator)

    async def _look_at_statements(self, creator: int) -> None:
        """Look at a creator's statements, by month and by year: the words, the picture, and the file."""
        overview = await self.services.statements.of_creator(self.guild_id, creator)
        for content in (*overview.by_month, *map(overview.year, overview.years)):
            table = statement_files.table(content)
            card = statement_render.card(content, None, None, Document("a.csv", table), READER)
            self._see("statement", card, statement_render.picture(content, ["Mia"], READER), table)

    async def _look_at_earnings(self, creator: int) -> None:
        overview = await self.services.earnings.earnings(self.guild_id, creator)
        self._see("earnings", overview, earnings.card(overview, None, READER))

    async def _look_at_week(self, creator: int) -> None:
        """Look at a creator's recap of the week that runs: the words, with and without the picture, and the picture."""
        week = week_at(self.clock.now_ms, ZoneInfo("UTC"))
        recap = await self.services.creator_weeks.recap(self.guild_id, creator, week)
        card = stats_picture.card(recap.stats, "Mia", READER, period=days_of(recap, READER))
        self._see("week", recap, card, [week_card(recap, "", READER, picture) for picture in (None, _NO_PICTURE)])

    async def _look_at_stats(self, creator: int, period: Period) -> None:
        """Look at a creator's statistics: the words, with and without the picture, the picture itself, and the file."""
        stats = await self.services.creator_stats.stats(self.guild_id, creator, period)
        card = stats_picture.card(stats, "Mia", READER)
        cards = [stats_render.card(stats, READER, picture, is_own=True) for picture in (None, _NO_PICTURE)]
        self._see("stats", stats, card, stats_picture.alt_text(card, READER), cards)
        self._see("stats file", stats_export.table(stats, {}, READER))

    async def _look_at_thanks(self, creator: int, press: int) -> None:
        """Look at the queue, thank whoever is first, look again, and thank the rest."""
        thanks = self.services.thanks
        for number in range(3):
            queue = await thanks.queue(self.guild_id, creator)
            panel = views.panel(queue, {}, creator, READER)
            numbers = [custom_id.build("", (entry.sender or HIDDEN,)) for entry in queue.entries]
            self._see("thanks", panel.card, [item.payload() for item in panel.items], numbers)
            if not queue.entries:
                break
            first = queue.entries[0]
            message = await thanks.thank(
                self.guild_id,
                creator,
                thanks_id=press + number,
                sender=None if number else first.sender,
                hidden=not number and first.sender is None,
            )
            self._see("thank-you", message, thank_you_card(message, await thanks.names(message), READER))

    def _drawn(self, post: Post, contents: GiftTotals) -> Card:
        return card_of(post, contents, READER, self.clock.now_ms)

    def _see(self, *what: Any) -> None:
        self.views.append((self.clock.now_ms, *what))

    async def _in_the_same_words(self) -> bytes:
        """Return what was seen, with guild and pseudonyms, which are another guild's own, replaced."""
        views = orjson.dumps(self.views, default=_plain, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2)
        people = [(self.guild_id, member_id) for member_id in (*GIVERS, *CREATORS, ROB)]
        ids = await self.books.read(holders.holder_ids, people)
        for (_, member), holder in ids.items():
            for pseudonym in (str(holder), custom_id.build("", (holder,))[1:]):
                views = views.replace(pseudonym.encode(), f"holder of {member}".encode())
        return views.replace(str(self.guild_id).encode(), b"guild")


def _plain(value: Any) -> Any:
    return value.to_dict() if hasattr(value, "to_dict") else sorted(value) if isinstance(value, set) else list(value)
