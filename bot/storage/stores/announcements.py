"""Our messages about gifts in channels, saved together with the cursor that says which gifts they cover."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, delete, func, not_, or_, select

from bot.domain.deadlines import of_posts
from bot.domain.gift_totals import less
from bot.domain.posts import LONGEST_MS, NEVER_MS, Post, PostForm
from bot.domain.receipts import Receipt
from bot.storage.ledger import cursors, journal
from bot.storage.sql.rows import columns_of, values_of
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import LISTED, UNFINISHED, announced_notes, announcements, message_gifts
from bot.storage.stores import deadlines, reactions, reversals

KEPT_MS = 3_600_000
"""How long a message is remembered after it shows all its gifts."""

_COLUMNS = columns_of(announcements, Post)
_KEY = {column.key for column in announcements.primary_key}
_CHANGES = [column.key for column in _COLUMNS if column.key not in _KEY | {"form"}]
_BELOW_MESSAGES = announcements.c.form.in_([PostForm.TOTALS.value, PostForm.ROUNDUP.value])
_SAVE = InsertMany(tuple(_COLUMNS), update=lambda new: {name: getattr(new, name) for name in _CHANGES})
_INSERT_MESSAGE_GIFTS = InsertMany((message_gifts.c.guild_id, message_gifts.c.message_id, message_gifts.c.seq))
_SAVE_NOTES = InsertMany(
    (announced_notes.c.guild_id, announced_notes.c.channel_id, announced_notes.c.first_seq, announced_notes.c.seq),
    # A gift that is announced again may return to the post that it was in before.
    update=lambda new: {"seq": new.seq},
)
_REPLIES = Lookup(select(*_COLUMNS), (announcements.c.guild_id, announcements.c.about))
_BY_KEY = Lookup(
    select(*_COLUMNS),
    (announcements.c.guild_id, announcements.c.channel_id, announcements.c.about, announcements.c.first_seq),
)
_GIFTS_ON_MESSAGES = Lookup(
    select(message_gifts.c.message_id, message_gifts.c.seq), (message_gifts.c.guild_id, message_gifts.c.message_id)
)


def save(c: Connection, posts: Collection[Post]) -> None:
    """Insert posts, or update those that exist."""
    # Form is a str subclass, and the driver looks for an adapter for every value that is not exactly a str.
    plain = [values_of(post) | {"form": post.form.value, "is_layout": int(post.is_layout)} for post in posts]
    _SAVE.run(c, [tuple(values.values()) for values in plain])
    deadlines.put_earliest(c, of_posts(posts))


def follow(
    c: Connection,
    guild_id: int,
    follower: str,
    seq: int,
    posts: Collection[Post],
    on_messages: Sequence[tuple[int, int]],
    notes: Sequence[tuple[int, int, int]],
) -> None:
    """Save `posts` and `notes` (see `regroup`) and the gifts `on_messages`, and move the cursor to `seq`.

    `on_messages` are (message id, sequence number) each. All of it happens in one transaction, so every gift that the
    cursor has passed is in a post.
    """
    regroup(c, guild_id, posts, notes)
    reactions.note_gifts(c, guild_id, on_messages)
    _INSERT_MESSAGE_GIFTS.run(c, [(guild_id, message_id, number) for message_id, number in on_messages])
    cursors.advance(c, guild_id, follower, seq)


def regroup(c: Connection, guild_id: int, posts: Collection[Post], notes: Sequence[tuple[int, int, int]]) -> None:
    """Save `posts`, and which post shows which `notes`: (channel, first row of the post, row of the gift) each."""
    save(c, posts)
    _SAVE_NOTES.run(c, [(guild_id, *note) for note in notes])


def notes_of(c: Connection, guild_id: int, channel_id: int, first_seq: int) -> list[int]:
    """Return the rows of all gifts whose notes one message of ours shows, oldest first."""
    table = announced_notes
    in_post = (table.c.guild_id == guild_id, table.c.channel_id == channel_id, table.c.first_seq == first_seq)
    return list(c.execute(select(table.c.seq).where(*in_post).order_by(table.c.seq)).scalars())


def unfinished_guilds(c: Connection) -> list[int]:
    """Return the guilds with a post that does not show all its gifts yet, or is pinned."""
    return list(c.execute(select(announcements.c.guild_id).where(UNFINISHED).distinct()).scalars())


def known(c: Connection, guild_id: int, now_ms: int) -> list[Post]:
    """Return the posts of a guild that are unfinished or may still grow."""
    is_held = and_(announcements.c.form == PostForm.HELD.value, announcements.c.due_ms > now_ms)
    # A finished post beside unfinished ones tells which gifts the unfinished ones do not contain.
    is_beside = and_(announcements.c.last_seq >= _first_waiting(guild_id), not_(_BELOW_MESSAGES))
    is_live = or_(UNFINISHED, announcements.c.grown_ms > now_ms - LONGEST_MS, is_held, is_beside)
    query = select(*_COLUMNS).where(announcements.c.guild_id == guild_id, is_live).order_by(announcements.c.first_seq)
    return [_post(row) for row in c.execute(query)]


def has_old(c: Connection, guild_id: int, now_ms: int) -> bool:
    """Whether `forget` has something to do."""
    query = select(announcements.c.first_seq).where(*_are_old(guild_id, now_ms)).limit(1)
    return c.execute(query).first() is not None


def forget(c: Connection, guild_id: int, now_ms: int) -> None:
    """Delete the posts of a guild that were finished long ago."""
    c.execute(delete(announcements).where(*_are_old(guild_id, now_ms)))


def next_due(c: Connection, guild_id: int, now_ms: int) -> int | None:
    """Return when a guild's held back announcements may be posted next, None if there are none."""
    held = (announcements.c.shown_seq < announcements.c.last_seq, announcements.c.due_ms < NEVER_MS)
    return _next(c, guild_id, announcements.c.due_ms, now_ms, *held)


def next_unpin(c: Connection, guild_id: int, now_ms: int) -> int | None:
    """Return when a guild's pinned announcements come down next, None if there are none."""
    return _next(c, guild_id, announcements.c.unpin_ms, now_ms)


def below(c: Connection, guild_id: int, message_ids: Collection[int]) -> list[Post]:
    """Return our replies below the messages, if any, and the roundups in which those replies are listed."""
    replies = [_post(row) for row in _REPLIES.rows(c, [(guild_id, message_id) for message_id in message_ids])]
    roundups = {(guild_id, reply.channel_id, 0, reply.roundup) for reply in replies if reply.roundup}
    return replies + [_post(row) for row in _BY_KEY.rows(c, roundups)]


def listed(c: Connection, guild_id: int, channel_id: int, roundup: int) -> list[int]:
    """Return the ids of the messages that a roundup lists. `roundup` is its first row."""
    table = announcements
    in_roundup = (table.c.guild_id == guild_id, table.c.channel_id == channel_id, table.c.roundup == roundup)
    return list(c.execute(select(table.c.about).where(*in_roundup, LISTED)).scalars())


def gifts_on(c: Connection, guild_id: int, message_ids: Collection[int]) -> dict[int, list[Receipt]]:
    """Return every gift on each of the messages, oldest first, without what was taken back."""
    rows = _GIFTS_ON_MESSAGES.rows(c, [(guild_id, message_id) for message_id in message_ids])
    receipts = {receipt.seq: receipt for receipt in journal.receipts_with(c, guild_id, [seq for _, seq in rows])}
    gifts: dict[int, list[Receipt]] = {message_id: [] for message_id in message_ids}
    undone_pieces = reversals.parts_of(c, [(guild_id, seq) for _, seq in rows])
    for message_id, seq in sorted(rows):
        gift = less(receipts[seq], undone_pieces.get((guild_id, seq), 0))
        if gift is not None:
            gifts[message_id].append(gift)
    return gifts


def _are_old(guild_id: int, now_ms: int) -> list[ColumnElement[bool]]:
    table = announcements
    first_waiting = func.coalesce(_first_waiting(guild_id), table.c.last_seq + 1)
    is_finished = (table.c.shown_seq >= table.c.last_seq, table.c.unpin_ms == 0, table.c.grown_ms < now_ms - KEPT_MS)
    # Posts below messages stay: somebody may still gift an old message.
    return [table.c.guild_id == guild_id, not_(_BELOW_MESSAGES), table.c.last_seq < first_waiting, *is_finished]


def _next(
    c: Connection, guild_id: int, time: ColumnElement[int], now_ms: int, *conditions: ColumnElement[bool]
) -> int | None:
    query = select(func.min(time)).where(announcements.c.guild_id == guild_id, UNFINISHED, time > now_ms, *conditions)
    return c.execute(query).scalar()


def _first_waiting(guild_id: int) -> ScalarSelect[int]:
    """Return a query for the first row of the oldest post that does not show all its gifts, NULL if there is none.

    Posts below messages do not count.
    """
    table = announcements
    is_waiting = (table.c.guild_id == guild_id, table.c.shown_seq < table.c.last_seq, not_(_BELOW_MESSAGES))
    return select(func.min(table.c.first_seq)).where(*is_waiting).scalar_subquery()


def _post(row: Sequence[int | str]) -> Post:
    post = Post(*row)  # pyright: ignore[reportArgumentType] - in the order of its fields
    post.form, post.is_layout = PostForm(post.form), bool(post.is_layout)
    return post
