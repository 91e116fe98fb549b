"""What creators decide about the gifts they get: pauses, blocked senders, and words that no message may have.

All of it is checked by the rule of gifts, in the transaction that would charge. A creator never learns from it who has
sent an anonymous gift: an anonymous block refuses only the sender's anonymous gifts, and only the sender reads so.
"""

from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.errors import Refusal
from bot.domain.freezes import check_frozen
from bot.domain.ledger.books import Books
from bot.domain.note_words import word_in


@dataclass(unsafe_hash=True)
class CreatorPaused(Refusal):
    """The creator takes no gifts until `until_ms`, in milliseconds UTC."""

    creator_id: int
    until_ms: int


@dataclass(unsafe_hash=True)
class GiftBlocked(Refusal):
    """The creator has blocked the sender."""

    creator_id: int


@dataclass(unsafe_hash=True)
class AnonymousBlocked(Refusal):
    """The creator has blocked the sender of an earlier anonymous gift, and that was this sender."""

    creator_id: int


@dataclass(unsafe_hash=True)
class BlockedByYou(Refusal):
    """The sender has blocked the creator."""

    creator_id: int


@dataclass(unsafe_hash=True)
class NoteRefused(Refusal):
    """A message, wish, title or reward has a word from the creator's list, or from the guild's if `creator_id` is 0."""

    creator_id: int
    word: str


class Restrictions(NamedTuple):
    """What one creator has decided, as far as a batch needs it. Members are holder ids.

    Gifts of `blocked` are refused, and anonymous ones of `blocked_anonymous`. `blocked_by` have blocked the creator,
    and send them nothing.
    """

    paused_until_ms: int | None = None
    note_words: str = ""
    blocked: frozenset[int] = frozenset()
    blocked_anonymous: frozenset[int] = frozenset()
    blocked_by: frozenset[int] = frozenset()


def check_sender(books: Books, guild_id: int, member_id: int) -> None:
    """Raise MemberFrozen if a member who wants to send a gift is frozen."""
    check_frozen(books.frozen.get((guild_id, books.holders[guild_id, member_id]), ()))


def check_restrictions(
    books: Books, guild_id: int, sender: int, creator: tuple[int, Restrictions], *, anonymous: bool, now_ms: int
) -> None:
    """Raise GiftBlocked, BlockedByYou, AnonymousBlocked or CreatorPaused. The creator comes with their member id."""
    creator_id, restrictions = creator
    holder = books.holders[guild_id, sender]
    if holder in restrictions.blocked:
        raise GiftBlocked(creator_id)
    if holder in restrictions.blocked_by:
        raise BlockedByYou(creator_id)
    if anonymous and holder in restrictions.blocked_anonymous:
        raise AnonymousBlocked(creator_id)
    if restrictions.paused_until_ms is not None and now_ms < restrictions.paused_until_ms:
        raise CreatorPaused(creator_id, restrictions.paused_until_ms)


def check_note(books: Books, guild_id: int, creator_id: int, note: str) -> None:
    """Raise NoteRefused if a message has a word that the creator, or the guild, does not want to read."""
    if not note:
        return
    restrictions = books.restrictions.get((guild_id, creator_id))
    hit = word_in(note, (restrictions.note_words if restrictions else None, books.rules_of(guild_id).note_words))
    if hit is not None:
        of_guild, word = hit
        raise NoteRefused(0 if of_guild else creator_id, word)


def check_public(text: str, guild_words: str | None) -> None:
    """Raise NoteRefused if a text that everybody will read has a word of the guild's stored list."""
    hit = word_in(text, (guild_words,))
    if hit is not None:
        raise NoteRefused(0, hit[1])
