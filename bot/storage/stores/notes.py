"""The store of what was written with rows of the journal, and how a deleted member's part of it goes.

A member may have sent a million gifts, and any note in a guild may mention them. Both are therefore dealt with in
slices, so that nobody's gift waits behind them.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select, update

from bot.domain.erasures import MENTION_OF_ERASED, mentions_of
from bot.domain.ledger.gift import SendGift
from bot.storage.ledger import journal as journal_store
from bot.storage.sql.tables import MEMBERS_OWN, entries, journal, notes
from bot.storage.stores.personal_data import Person

SLICE: Final = 2_000
"""Rows in one transaction: some 10 ms."""


def mentioning(c: Connection, person: Person, first: int, last: int) -> list[int]:
    """Return the rows from `first` to `last` whose notes mention a person. It reads the text of each."""
    is_mentioned = or_(*(notes.c.text.contains(mention, autoescape=True) for mention in mentions_of(person.user_id)))
    query = select(notes.c.seq).where(notes.c.guild_id == person.guild_id, notes.c.seq.between(first, last))
    return [*c.execute(query.where(is_mentioned)).scalars()]


def forget_mentions(c: Connection, person: Person, seqs: Collection[int]) -> None:
    """Take a person's mentions out of the notes of these rows."""
    for some in slices([*seqs]):
        text = notes.c.text
        for mention in mentions_of(person.user_id):
            text = func.replace(text, mention, MENTION_OF_ERASED)
        c.execute(update(notes).where(notes.c.guild_id == person.guild_id, notes.c.seq.in_(some)).values(text=text))


def empty_before(c: Connection, guild_id: int, holder_id: int, seq: int, most: int = SLICE) -> int:
    """Empty what a holder wrote with gifts and what staff wrote about their coins, in up to `most` of the rows before
    `seq`. Return the first of these, 0 if there are none before.
    """
    own = (
        select(entries.c.seq)
        .distinct()
        .where(entries.c.guild_id == guild_id, entries.c.owner == holder_id, MEMBERS_OWN, entries.c.seq < seq)
    )
    seqs = [*c.execute(own.order_by(entries.c.seq.desc()).limit(most)).scalars()]
    if not seqs:
        return 0
    # Gifts to the holder have their senders' words.
    is_about = select(journal.c.seq).where(
        and_(journal.c.guild_id == guild_id, journal.c.seq.in_(seqs)),
        or_(journal.c.kind != SendGift.kind, journal.c.actor == holder_id),
    )
    in_guild = notes.c.guild_id == guild_id
    c.execute(update(notes).where(in_guild, notes.c.seq.in_(is_about), notes.c.text != "").values(text=""))
    return seqs[-1]


def forget(c: Connection, person: Person) -> None:
    """Do all of it at once: for books that nobody waits for."""
    last = journal_store.head(c, person.guild_id).seq
    forget_mentions(c, person, mentioning(c, person, 1, last))
    seq = last + 1
    while seq := empty_before(c, person.guild_id, person.holder_id, seq):
        pass


def slices(seqs: Sequence[int]) -> Iterator[Sequence[int]]:
    """Return rows in parts that fit into a transaction."""
    return (seqs[start : start + SLICE] for start in range(0, len(seqs), SLICE))
