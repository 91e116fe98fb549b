"""What channels have been told about gifts, kept beside the cursor that says up to where."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, ScalarSelect, and_, delete, func, not_, or_, select

from bot.domain.posts import LONGEST_MS, Form, Post
from bot.domain.receipts import Receipt
from bot.storage import cursors, journal
from bot.storage.rows import columns_of, values_of
from bot.storage.statements import InsertMany, Lookup
from bot.storage.tables import LISTED, UNFINISHED, announced_notes, announcements, message_gifts

KEPT_MS = 3_600_000
"""How long a message that is told in full is remembered."""

_COLUMNS = columns_of(announcements, Post)
_KEY = {column.name for column in announcements.primary_key}
_CHANGES = [column.name for column in _COLUMNS if column.name not in _KEY | {"form"}]
_BELOW_MESSAGES = announcements.c.form.in_([Form.TOTALS.value, Form.ROUNDUP.value])
_SAVE = InsertMany(tuple(_COLUMNS), update=lambda new: {name: getattr(new, name) for name in _CHANGES})
_ON_MESSAGES = InsertMany((message_gifts.c.guild_id, message_gifts.c.message_id, message_gifts.c.seq))
_NOTES = InsertMany(
    (announced_notes.c.guild_id, announced_notes.c.channel_id, announced_notes.c.first_seq, announced_notes.c.seq),
    # A gift that is told anew may come back to where it was.
    update=lambda new: {"seq": new.seq},
)
_TOTALS = Lookup(select(*_COLUMNS), (announcements.c.guild_id, announcements.c.about))
_OF_KEYS = Lookup(
    select(*_COLUMNS),
    (announcements.c.guild_id, announcements.c.channel_id, announcements.c.about, announcements.c.first_seq),
)
_ON_MESSAGE = Lookup(
    select(message_gifts.c.message_id, message_gifts.c.seq), (message_gifts.c.guild_id, message_gifts.c.message_id)
)


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
    notes: Sequence[tuple[int, int, int]],
) -> None:
    """Keep `posts`, which gifts are on messages, (message id, sequence number) each, and which `notes` are told where
    (see `regroup`), and move the cursor to `seq`.

    All or nothing: whatever the cursor has passed is in a post.
    """
    regroup(c, guild_id, posts, notes)
    _ON_MESSAGES.run(c, [(guild_id, message_id, number) for message_id, number in on_messages])
    cursors.advance(c, guild_id, follower, seq)


def regroup(c: Connection, guild_id: int, posts: Iterable[Post], notes: Sequence[tuple[int, int, int]]) -> None:
    """Keep `posts` and in which of them the `notes` of gifts are: (channel, first row of the post, row) each."""
    save(c, posts)
    _NOTES.run(c, [(guild_id, *note) for note in notes])


def notes_of(c: Connection, guild_id: int, channel_id: int, first_seq: int) -> list[int]:
    """Return the rows of all gifts with a note that one message of ours tells, oldest first."""
    table = announced_notes
    same = (table.c.guild_id == guild_id, table.c.channel_id == channel_id, table.c.first_seq == first_seq)
    return list(c.execute(select(table.c.seq).where(*same).order_by(table.c.seq)).scalars())


def unfinished_guilds(c: Connection) -> list[int]:
    """Return the guilds in which something is promised, or pinned."""
    return list(c.execute(select(announcements.c.guild_id).where(UNFINISHED).distinct()).scalars())


def known(c: Connection, guild_id: int, now_ms: int) -> list[Post]:
    """Return the messages of a guild that are not finished, or may still grow; forget those that are long finished."""
    _forget(c, guild_id, now_ms - KEPT_MS)
    held = and_(announcements.c.form == Form.HELD.value, announcements.c.due_ms > now_ms)
    # One that is finished says which gifts are not in those that are not.
    beside = and_(announcements.c.last_seq >= _first_waiting(guild_id), not_(_BELOW_MESSAGES))
    fresh = or_(UNFINISHED, announcements.c.grown_ms > now_ms - LONGEST_MS, held, beside)
    query = select(*_COLUMNS).where(announcements.c.guild_id == guild_id, fresh).order_by(announcements.c.first_seq)
    return [_post(row) for row in c.execute(query)]


def below(c: Connection, guild_id: int, message_ids: Collection[int]) -> list[Post]:
    """Return our replies below messages, as far as there are some, and the roundups in which they are listed."""
    replies = [_post(row) for row in _TOTALS.rows(c, [(guild_id, message_id) for message_id in message_ids])]
    roundups = {(guild_id, reply.channel_id, 0, reply.roundup) for reply in replies if reply.roundup}
    return replies + [_post(row) for row in _OF_KEYS.rows(c, roundups)]


def listed(c: Connection, guild_id: int, channel_id: int, roundup: int) -> list[int]:
    """Return the messages that a roundup, known by its first row, lists."""
    table = announcements
    same = (table.c.guild_id == guild_id, table.c.channel_id == channel_id, table.c.roundup == roundup)
    return list(c.execute(select(table.c.about).where(*same, LISTED)).scalars())


def gifts_on(c: Connection, guild_id: int, message_ids: Collection[int]) -> dict[int, list[Receipt]]:
    """Return every gift on messages, by message, oldest first."""
    rows = _ON_MESSAGE.rows(c, [(guild_id, message_id) for message_id in message_ids])
    receipts = {receipt.seq: receipt for receipt in journal.receipts_with(c, guild_id, [seq for _, seq in rows])}
    gifts: dict[int, list[Receipt]] = {message_id: [] for message_id in message_ids}
    for message_id, seq in sorted(rows):
        gifts[message_id].append(receipts[seq])
    return gifts


def _forget(c: Connection, guild_id: int, before_ms: int) -> None:
    table = announcements
    mine = table.c.guild_id == guild_id
    first = func.coalesce(_first_waiting(guild_id), table.c.last_seq + 1)
    finished = (table.c.shown_seq >= table.c.last_seq, table.c.unpin_ms == 0, table.c.grown_ms < before_ms)
    # Somebody may yet gift a message of long ago.
    c.execute(delete(table).where(mine, not_(_BELOW_MESSAGES), table.c.last_seq < first, *finished))


def _first_waiting(guild_id: int) -> ScalarSelect[int]:
    """The first row of the oldest message about several senders' gifts that does not tell them all, NULL if none."""
    table = announcements
    waiting = (table.c.guild_id == guild_id, table.c.shown_seq < table.c.last_seq, not_(_BELOW_MESSAGES))
    return select(func.min(table.c.first_seq)).where(*waiting).scalar_subquery()


def _post(row: Sequence[int | str]) -> Post:
    post = Post(*row)  # pyright: ignore[reportArgumentType] - in the order of its fields
    post.form = Form(post.form)
    return post
