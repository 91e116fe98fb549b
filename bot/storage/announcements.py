"""What channels have been told about gifts, kept beside the cursor that says up to where."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, and_, delete, func, or_, select

from bot.domain.announcements import LONGEST_MS, Form, Post
from bot.domain.receipts import Receipt
from bot.storage import cursors, journal
from bot.storage.rows import columns_of, values_of
from bot.storage.statements import InsertMany, Lookup
from bot.storage.tables import UNFINISHED, announcements, message_gifts

KEPT_MS = 3_600_000
"""How long a message that is told in full is remembered."""

_CHANGE = ("last_seq", "opened_ms", "grown_ms", "due_ms", "promised_seq", "shown_seq", "message_id", "posted_ms")
_COLUMNS = columns_of(announcements, Post)
_SAVE = InsertMany(tuple(_COLUMNS), update=lambda new: {name: getattr(new, name) for name in (*_CHANGE, "unpin_ms")})
_ON_MESSAGES = InsertMany((message_gifts.c.guild_id, message_gifts.c.message_id, message_gifts.c.seq))
_TOTALS = Lookup(select(*_COLUMNS), (announcements.c.guild_id, announcements.c.about))


def save(c: Connection, posts: Iterable[Post]) -> None:
    """Keep what is known about messages."""
    # The driver asks for an adapter for every value that is not exactly a str.
    _SAVE.run(c, [tuple((values_of(post) | {"form": post.form.value}).values()) for post in posts])


def follow(
    c: Connection,
    guild_id: int,
    follower: str,
    seq: int,
    posts: Collection[Post],
    on_messages: Sequence[tuple[int, int]],
) -> None:
    """Keep `posts` and which gifts are on messages, (message id, sequence number) each, and move the cursor to `seq`.

    All or nothing: whatever the cursor has passed is in a post.
    """
    save(c, posts)
    _ON_MESSAGES.run(c, [(guild_id, message_id, number) for message_id, number in on_messages])
    cursors.advance(c, guild_id, follower, seq)


def unfinished_guilds(c: Connection) -> list[int]:
    """Return the guilds in which something is promised, or pinned."""
    return list(c.execute(select(announcements.c.guild_id).where(UNFINISHED).distinct()).scalars())


def known(c: Connection, guild_id: int, now_ms: int) -> list[Post]:
    """Return the messages of a guild that are not finished, or may still grow; forget those that are long finished."""
    _forget(c, guild_id, now_ms - KEPT_MS)
    held = and_(announcements.c.form == Form.HELD.value, announcements.c.due_ms > now_ms)
    fresh = or_(UNFINISHED, announcements.c.grown_ms > now_ms - LONGEST_MS, held)
    query = select(*_COLUMNS).where(announcements.c.guild_id == guild_id, fresh).order_by(announcements.c.first_seq)
    return [_post(row) for row in c.execute(query)]


def below(c: Connection, guild_id: int, message_ids: Collection[int]) -> list[Post]:
    """Return our replies below messages, as far as there are some."""
    return [_post(row) for row in _TOTALS.rows(c, [(guild_id, message_id) for message_id in message_ids])]


def gifts_on(c: Connection, guild_id: int, message_id: int) -> list[Receipt]:
    """Return every gift on a message, oldest first."""
    same = (message_gifts.c.guild_id == guild_id, message_gifts.c.message_id == message_id)
    seqs = c.execute(select(message_gifts.c.seq).where(*same)).scalars().all()
    return sorted(journal.receipts_with(c, guild_id, seqs), key=lambda receipt: receipt.seq)


def _forget(c: Connection, guild_id: int, before_ms: int) -> None:
    table = announcements
    mine = table.c.guild_id == guild_id
    waiting = select(func.min(table.c.first_seq)).where(mine, UNFINISHED).scalar_subquery()
    # One that is finished still says which gifts are not in those that are not.
    first = func.coalesce(waiting, table.c.first_seq + 1)
    finished = (table.c.shown_seq >= table.c.last_seq, table.c.unpin_ms == 0, table.c.grown_ms < before_ms)
    others = table.c.form != Form.TOTALS.value
    c.execute(delete(table).where(mine, others, table.c.first_seq < first, *finished))


def _post(row: Sequence[int | str]) -> Post:
    post = Post(*row)  # pyright: ignore[reportArgumentType] - in the order of its fields
    post.form = Form(post.form)
    return post
