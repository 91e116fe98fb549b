"""What the announcer remembers, as it needs it: storage fulfils these protocols, and `bot.app` hands them in."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from bot.domain.announcement_settings import AnnouncementPolicy
from bot.domain.announcements import Announcement, GuildState
from bot.domain.gift_totals import GiftTotals
from bot.domain.live import LiveEvent
from bot.domain.live_displays import BoardMessage
from bot.domain.posts import Post
from bot.domain.receipts import Receipt


class JournalFeed(Protocol):
    """The journal as a stream of events. A follower's cursor is the last sequence number that it has dealt with."""

    def subscribe(self, listener: Callable[[Collection[int]], None]) -> None:
        """Call `listener` with the guilds whose journals grew, right after each commit of this process."""
        ...

    async def behind(self, follower: str) -> list[int]:
        """Return the guilds in which `follower` has not read everything."""
        ...

    async def cursor(self, guild_id: int, follower: str) -> int:
        """Return the follower's cursor, 0 before the first row."""
        ...

    async def after(self, guild_id: int, seq: int, limit: int = 500) -> list[Receipt]:
        """Return up to `limit` rows that follow `seq`, oldest first, with only what is public."""
        ...


class AnnouncementMemory(Protocol):
    """What was announced where. `clock` gives milliseconds since the epoch, UTC."""

    clock: Callable[[], int]

    async def unfinished(self) -> list[int]:
        """Return the guilds with a message that does not show all its gifts yet, or is pinned."""
        ...

    async def state(self, guild_id: int) -> GuildState:
        """Return what was announced in a guild and may still change."""
        ...

    async def policy(self, guild_id: int) -> AnnouncementPolicy:
        """Return where and how a guild wants gifts to be announced; raise UnknownGuild."""
        ...

    async def wants_no_pings(self, guild_id: int, member_id: int) -> bool:
        """Return whether a member has asked not to be pinged."""
        ...

    async def follow(
        self,
        guild_id: int,
        follower: str,
        seq: int,
        posts: Collection[Post],
        on_messages: Sequence[tuple[int, int]],
        notes: Sequence[tuple[int, int, int]],
    ) -> None:
        """Save what a part of the journal has changed, and move the follower's cursor to its end, `seq`.

        `on_messages` are (message id, row of the gift), `notes` are (channel, first row of the post, row of the gift).
        """
        ...

    async def regroup(self, guild_id: int, posts: Collection[Post], notes: Sequence[tuple[int, int, int]]) -> None:
        """Save posts between which gifts have moved, and which of them show the `notes` now."""
        ...

    async def save(self, post: Post) -> None:
        """Save what has become of a message."""
        ...

    async def below(self, guild_id: int, message_ids: Collection[int]) -> list[Post]:
        """Return our replies below messages, and the roundups that list some of them."""
        ...

    async def contents(self, announcement: Announcement) -> GiftTotals:
        """Return the totals of the gifts in an announcement, without what was taken back of them."""
        ...

    async def totals(self, post: Post) -> dict[int, GiftTotals]:
        """Return the totals of all gifts on each message that a reply or a roundup is about."""
        ...

    async def next_due(self, guild_id: int) -> int | None:
        """Return when announcements that are held back may be posted next, None if there are none."""
        ...

    async def next_unpin(self, guild_id: int) -> int | None:
        """Return when pinned announcements come down next, None if there are none."""
        ...


class LiveMemory(Protocol):
    """What of live events was shown where."""

    async def on_air(self) -> list[LiveEvent]:
        """Return the events of all guilds that have not ended, or whose board shows them as still running."""
        ...

    async def event(self, guild_id: int, event_id: int) -> LiveEvent | None:
        """Return an event, running or ended, None if there is none."""
        ...

    async def members(self, guild_id: int, holder_ids: Collection[int]) -> dict[int, int]:
        """Return the members behind holder ids, 0 for those who were erased."""
        ...

    async def board(self, event: LiveEvent) -> BoardMessage | None:
        """Return the message of the event's board, None before it was posted."""
        ...

    async def save_board(self, event: LiveEvent, board: BoardMessage) -> None:
        """Save the message of the event's board."""
        ...

    async def forget_replaced(self, event: LiveEvent, message_id: int) -> None:
        """Record that a message that the event's board has replaced is removed, or never can be."""
        ...

    async def announced_moments(self, event: LiveEvent) -> set[str]:
        """Return the names of the moments that were announced."""
        ...

    async def mark_announced(self, event: LiveEvent, moment: str) -> None:
        """Record that a moment was announced, or never will be."""
        ...

    async def without_recap(self, guild_id: int, event_id: int) -> LiveEvent | None:
        """Return an event whose recap is to be posted, None if it was, or if it ended too long ago."""
        ...

    async def mark_recap(self, event: LiveEvent) -> None:
        """Record that the event's recap was posted, or never will be."""
        ...
