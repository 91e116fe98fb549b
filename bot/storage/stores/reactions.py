"""The store of reactions to messages that got a gift: who wants them, and which messages wait. Creators are holders."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from bot.domain.ledger.gift import SendGift
from bot.domain.reactions import ReactionTarget, reaction_of
from bot.storage.ledger.journal import rows_with
from bot.storage.sql.announcement_tables import message_gifts
from bot.storage.sql.reaction_tables import creator_reactions, reaction_troubles
from bot.storage.sql.rows import insert_new
from bot.storage.stores import deadlines


def is_on(c: Connection, guild_id: int, creator: int) -> bool:
    """Whether a creator wants reactions."""
    return creator in _wanting(c, guild_id)


def choose(c: Connection, guild_id: int, creator: int, now_ms: int, *, is_on: bool) -> None:
    """Switch reactions below a creator's messages on or off."""
    t = creator_reactions.c
    if is_on:
        insert_new(c, creator_reactions, {"guild_id": guild_id, "creator": creator, "since_ms": now_ms})
    else:
        c.execute(delete(creator_reactions).where(t.guild_id == guild_id, t.creator == creator))


def note_gifts(c: Connection, guild_id: int, on_messages: Sequence[tuple[int, int]]) -> None:
    """Have messages get a reaction with their first gift: (message id, row of the gift) each, not yet saved."""
    wanting = _wanting(c, guild_id) if on_messages else set[int]()
    if not wanting:
        return
    t = message_gifts.c
    message_ids = {message_id for message_id, _ in on_messages}
    query = select(t.message_id).where(t.guild_id == guild_id, t.message_id.in_(message_ids))
    known_ids = {*c.execute(query).scalars()}
    seqs = {seq: message_id for message_id, seq in on_messages if message_id not in known_ids}
    rows = rows_with(c, {(guild_id, seq) for seq in seqs})
    targets = {seqs[row.seq] for row in rows if row.facts["creator"] in wanting}
    deadlines.put(c, *(reaction_of(guild_id, message_id) for message_id in sorted(targets)))


def target(c: Connection, guild_id: int, message_id: int) -> ReactionTarget | None:
    """Return a message that is to get a reaction, None if its creator does not want that any more."""
    t = message_gifts.c
    query = select(t.seq).where(t.guild_id == guild_id, t.message_id == message_id).order_by(t.seq).limit(1)
    seq = c.execute(query).scalar_one_or_none()
    row = next(iter(rows_with(c, {(guild_id, seq)} if seq is not None else set())), None)
    if row is None or row.kind != SendGift.kind or row.facts["creator"] not in _wanting(c, guild_id):
        return None
    return ReactionTarget(guild_id, row.facts["channel"], message_id, row.at_ms)


def has_trouble(c: Connection, guild_id: int, channel_id: int) -> bool:
    """Whether staff have been told that the bot may not react in a channel."""
    t = reaction_troubles.c
    query = select(t.since_ms).where(t.guild_id == guild_id, t.channel_id == channel_id)
    return c.execute(query).one_or_none() is not None


def note_trouble(c: Connection, guild_id: int, channel_id: int, now_ms: int) -> bool:
    """Note that the bot may not react in a channel. Return whether that is new."""
    values = {"guild_id": guild_id, "channel_id": channel_id, "since_ms": now_ms}
    return insert_new(c, reaction_troubles, values)


def forget_trouble(c: Connection, guild_id: int, channel_id: int) -> None:
    """Forget that the bot may not react in a channel: either it can again, or staff could not be told."""
    t = reaction_troubles.c
    c.execute(delete(reaction_troubles).where(t.guild_id == guild_id, t.channel_id == channel_id))


def _wanting(c: Connection, guild_id: int) -> set[int]:
    t = creator_reactions.c
    return {*c.execute(select(t.creator).where(t.guild_id == guild_id)).scalars()}
