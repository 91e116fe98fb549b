"""What creators decide about the gifts they get: pauses, blocked senders, and words that no message may have."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from bot.domain.deadlines import board_of
from bot.domain.errors import NotACreator, NotFound, TooMany
from bot.domain.guilds import GuildRules
from bot.domain.ledger.gift import SendGift, facts_of
from bot.domain.ledger.journal import JournalRow
from bot.domain.money import amount
from bot.domain.note_words import clean_words
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import ActKind, change
from bot.domain.staff_errors import BlockSelf
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import blocks, clubs, creators, deadlines, guilds, live, received_gifts, staff_acts
from bot.storage.stores.blocks import Block

MOST_BLOCKS: Final = 200
"""Blocks of one creator."""
MOST_DAYS: Final = 90
"""The longest pause."""
GIFTS: Final = 25
"""Anonymous gifts whose senders can be blocked: as many as a menu lists."""

_DAY_MS = 24 * 3600 * 1000


class BlockedMember(NamedTuple):
    """A member whose gifts a creator does not want, since `since_ms`. The id is 0 for one who was erased."""

    member_id: int
    since_ms: int


class Choices(NamedTuple):
    """What a creator has decided. `anonymous` are the gifts whose senders are blocked; they are not named."""

    paused_until_ms: int | None
    words: tuple[str, ...]
    members: list[BlockedMember]
    anonymous: list[Receipt]


class Reception:
    """The use-cases of what creators decide about their gifts."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def choices(self, guild_id: int, creator_id: int) -> Choices:
        """Return what a creator has decided; raise NotACreator."""
        return await self._database.read(_choices, guild_id, creator_id, self._clock())

    async def paused(self, guild_id: int) -> dict[int, int]:
        """Return the creators who take no gifts now, and until when."""
        return await self._database.read(creators.paused, guild_id, self._clock())

    async def next_return(self, guild_id: int, event_id: int) -> int | None:
        """Return when the next break of a creator of a live event ends, None if none of them takes one."""
        return await self._database.read(_next_return, guild_id, event_id, self._clock())

    async def pause(self, guild_id: int, creator_id: int, days: int) -> int:
        """Accept no gifts for a number of days; return until when. Raises InvalidAmount or NotACreator."""
        until_ms = self._clock() + amount(days, highest=MOST_DAYS) * _DAY_MS
        await self._database.writer.perform(_pause, guild_id, creator_id, until_ms, self._clock())
        return until_ms

    async def resume(self, guild_id: int, creator_id: int) -> None:
        """Take gifts again. Raises NotACreator."""
        await self._database.writer.perform(_pause, guild_id, creator_id, None, self._clock())

    async def block(self, guild_id: int, creator_id: int, member_id: int) -> None:
        """Take no gifts of a member any more. Raises NotACreator, BlockSelf or TooMany."""
        if member_id == creator_id:
            raise BlockSelf
        await self._database.writer.perform(_block, guild_id, creator_id, member_id, self._clock())

    async def unblock(self, guild_id: int, creator_id: int, member_id: int) -> None:
        """Take gifts of a member again."""
        await self._database.writer.perform(_unblock, guild_id, creator_id, member_id, self._clock())

    async def anonymous_gifts(self, guild_id: int, creator_id: int) -> list[Receipt]:
        """Return the newest anonymous gifts to a creator, newest first, with nothing of their senders."""
        return await self._database.read(_anonymous_gifts, guild_id, creator_id)

    async def block_anonymous(self, guild_id: int, creator_id: int, seq: int) -> None:
        """Refuse further anonymous gifts from the sender of the one in row `seq`. Raises NotFound or TooMany.

        The same sender may be blocked for two gifts: the creator could not know, and is not told.
        """
        await self._database.writer.perform(_block_anonymous, guild_id, creator_id, seq, self._clock())

    async def block_sender(self, guild_id: int, creator_id: int, seq: int) -> int:
        """Refuse further gifts from the sender of the one in row `seq`; if that one was anonymous, only anonymous ones.

        Return the member, 0 for an anonymous one. Raises NotFound, BlockSelf or TooMany.
        """
        return await self._database.writer.perform(_block_sender, guild_id, creator_id, seq, self._clock())

    async def unblock_anonymous(self, guild_id: int, creator_id: int, seq: int) -> None:
        """Lift the block for one anonymous gift."""
        await self._database.writer.perform(_unblock_anonymous, guild_id, creator_id, seq, self._clock())

    async def choose_words(self, guild_id: int, creator_id: int, texts: Iterable[str]) -> None:
        """Take no messages with these words. Raises NotACreator."""
        words = clean_words(texts) or None
        await self._database.writer.perform(_choose_words, guild_id, creator_id, words)

    async def choose_guild_words(self, guild_id: int, texts: Iterable[str], *, by: int) -> GuildRules:
        """Let nobody here be sent messages with these words. Return the rules."""
        words = clean_words(texts) or None
        return await self._database.writer.perform(_choose_guild_words, guild_id, words, by, self._clock())


def _choices(c: Connection, guild_id: int, creator_id: int, now_ms: int) -> Choices:
    _check(c, guild_id, creator_id)
    creator = holders.holder_id(c, guild_id, creator_id) or 0
    listed = blocks.of_creator(c, guild_id, creator)
    named = [block for block in listed if not block.seq]
    members = holders.member_ids(c, guild_id, {block.sender for block in named})
    gifts = journal.receipts_with(c, guild_id, [block.seq for block in listed if block.seq])
    return Choices(
        creators.paused(c, guild_id, now_ms).get(creator_id),
        tuple(filter(None, creators.words_of(c, guild_id, creator_id).split("\n"))),
        [BlockedMember(members.get(block.sender, 0), block.since_ms) for block in named],
        sorted(map(_nameless, gifts), key=lambda gift: -gift.seq),
    )


def _next_return(c: Connection, guild_id: int, event_id: int, now_ms: int) -> int | None:
    pauses = creators.pauses_among(c, guild_id, live.creators_of(c, guild_id, event_id))
    return min((until_ms for until_ms in pauses.values() if until_ms > now_ms), default=None)


def _pause(c: Connection, guild_id: int, creator_id: int, until_ms: int | None, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    _check(c, guild_id, creator_id)
    creators.choose(c, guild_id, creator_id, paused_until_ms=until_ms)
    clubs.note_break(c, guild_id, creator_id, until_ms, now_ms)
    # The board of a running show says so.
    events = live.of_creators(c, [(guild_id, creator_id)])
    deadlines.put(c, *(board_of(guild_id, event.event_id) for event in events.values()))


def _block(c: Connection, guild_id: int, creator_id: int, member_id: int, now_ms: int) -> None:
    creator = _locked(c, guild_id, creator_id)
    blocks.add(c, guild_id, creator, Block(holders.ensure(c, guild_id, member_id), 0, now_ms))
    _note_concerned(c, guild_id, (creator_id, member_id), now_ms)


def _unblock(c: Connection, guild_id: int, creator_id: int, member_id: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    creator = holders.ensure(c, guild_id, creator_id)
    blocks.remove(c, guild_id, creator, holders.ensure(c, guild_id, member_id))
    _note_concerned(c, guild_id, (creator_id, member_id), now_ms)


def _anonymous_gifts(c: Connection, guild_id: int, creator_id: int) -> list[Receipt]:
    creator = holders.holder_id(c, guild_id, creator_id) or 0
    gifts = journal.receipts_with(c, guild_id, received_gifts.latest_anonymous(c, guild_id, creator, GIFTS))
    return sorted(map(_nameless, gifts), key=lambda gift: -gift.seq)


def _block_anonymous(c: Connection, guild_id: int, creator_id: int, seq: int, now_ms: int) -> None:
    creator = _locked(c, guild_id, creator_id)
    gift = _gift_to(c, guild_id, creator, seq)
    if not facts_of(gift)["anonymous"]:
        raise NotFound("receipt")
    blocks.add(c, guild_id, creator, Block(gift.actor, seq, now_ms))
    _note_concerned(c, guild_id, (creator_id,), now_ms)


def _block_sender(c: Connection, guild_id: int, creator_id: int, seq: int, now_ms: int) -> int:
    creator = _locked(c, guild_id, creator_id)
    gift = _gift_to(c, guild_id, creator, seq)
    if facts_of(gift)["anonymous"]:
        _block_anonymous(c, guild_id, creator_id, seq, now_ms)
        return 0
    member_id = holders.member_ids(c, guild_id, [gift.actor]).get(gift.actor, 0)
    if not member_id:
        raise NotFound("member")
    _block(c, guild_id, creator_id, member_id, now_ms)
    return member_id


def _gift_to(c: Connection, guild_id: int, creator: int, seq: int) -> JournalRow:
    """Return the row of a gift to a creator, a holder. Others are as if they did not exist, so raise NotFound."""
    gift = next(iter(journal.rows_with(c, [(guild_id, seq)])), None)
    if gift is None or gift.kind != SendGift.kind or facts_of(gift)["creator"] != creator:
        raise NotFound("receipt")
    return gift


def _unblock_anonymous(c: Connection, guild_id: int, creator_id: int, seq: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    blocks.remove_anonymous(c, guild_id, holders.ensure(c, guild_id, creator_id), seq)
    _note_concerned(c, guild_id, (creator_id,), now_ms)


def _choose_words(c: Connection, guild_id: int, creator_id: int, words: str | None) -> None:
    guilds.lock(c, guild_id)
    _check(c, guild_id, creator_id)
    creators.choose(c, guild_id, creator_id, note_words=words)


def _choose_guild_words(c: Connection, guild_id: int, words: str | None, by: int, now_ms: int) -> GuildRules:
    guilds.lock(c, guild_id)
    before = guilds.required(c, guild_id).at(now_ms)
    rules = before.changed(note_words=words)
    guilds.save(c, rules)
    staff_acts.add(c, guild_id, change(ActKind.SETTINGS, before, rules, by=by, at_ms=now_ms))
    return rules


def note_blocks(c: Connection, guild_id: int, member_id: int, now_ms: int) -> None:
    """Record for a creator whether blocks concern them, so that the rule of gifts looks for some only then."""
    holder = holders.holder_id(c, guild_id, member_id)
    concerned = holder is not None and blocks.concerns(c, guild_id, holder)
    creators.choose(c, guild_id, member_id, blocks_since_ms=now_ms if concerned else None)


def _note_concerned(c: Connection, guild_id: int, member_ids: Iterable[int], now_ms: int) -> None:
    for member_id in member_ids:
        note_blocks(c, guild_id, member_id, now_ms)


def _locked(c: Connection, guild_id: int, creator_id: int) -> int:
    """Lock the guild; return a creator's holder. Raise NotACreator, or TooMany if there is no room for a block."""
    guilds.lock(c, guild_id)
    _check(c, guild_id, creator_id)
    creator = holders.ensure(c, guild_id, creator_id)
    if len(blocks.of_creator(c, guild_id, creator)) >= MOST_BLOCKS:
        raise TooMany("block", MOST_BLOCKS)
    return creator


def _check(c: Connection, guild_id: int, creator_id: int) -> None:
    if not creators.is_creator(c, guild_id, creator_id):
        raise NotACreator(creator_id)


def _nameless(gift: Receipt) -> Receipt:
    """Return the receipt of an anonymous gift without its sender."""
    return gift._replace(actor_id=0)
