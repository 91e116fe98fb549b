"""What creators decide about their gifts: the rule of gifts refuses, nothing is charged, and nobody is unmasked."""

from itertools import product

import pytest

from bot.domain.errors import NotEnoughCoins, Refusal
from bot.domain.guilds import GuildRules
from bot.domain.ledger import decide
from bot.domain.ledger.restrictions import (
    AnonymousBlocked,
    BlockedByYou,
    CreatorPaused,
    GiftBlocked,
    NoteRefused,
    Restrictions,
)
from tests.domain.builders import ALICE, GUILD, HOLDERS, MIA, NOON, gift, open_books

SENDER = HOLDERS[ALICE]
HIM = frozenset({SENDER})


def answer(restrictions: Restrictions | None, *, rules: GuildRules | None = None, **changes: object) -> object:
    """Return the refusal of a gift to Mia, or None if it goes through."""
    books = open_books(paid=500, rules=rules)
    if restrictions is not None:
        books.restrictions[GUILD, MIA] = restrictions
    before = dict(books.balances)
    try:
        decide(gift(**changes), books, NOON)
    except Refusal as refusal:
        assert books.balances == before
        return type(refusal)
    return None


@pytest.mark.parametrize(
    ("restrictions", "named", "anonymous"),
    [
        (Restrictions(), None, None),
        (Restrictions(blocked=HIM), GiftBlocked, GiftBlocked),
        (Restrictions(blocked_anonymous=HIM), None, AnonymousBlocked),
        (Restrictions(blocked_by=HIM), BlockedByYou, BlockedByYou),
        (Restrictions(blocked=frozenset({99}), blocked_anonymous=frozenset({99})), None, None),
        (Restrictions(paused_until_ms=NOON + 1), CreatorPaused, CreatorPaused),
        (Restrictions(paused_until_ms=NOON), None, None),
        (Restrictions(blocked=HIM, paused_until_ms=NOON + 1), GiftBlocked, GiftBlocked),
    ],
)
def test_who_is_refused_under_their_name_and_without_it(restrictions: Restrictions, named: object, anonymous: object):
    assert answer(restrictions) is named
    assert answer(restrictions, anonymous=True) is anonymous


@pytest.mark.parametrize("is_of_guild", [True, False])
def test_a_message_with_a_refused_word_costs_nothing(is_of_guild: bool):
    words = "silly goose"
    rules = GuildRules(GUILD, note_words=words) if is_of_guild else None
    restrictions = None if is_of_guild else Restrictions(note_words=words)

    assert answer(restrictions, rules=rules, note="you Silly  Goose!") is NoteRefused
    assert answer(restrictions, rules=rules, note="you goose") is None
    assert answer(restrictions, rules=rules) is None


def test_whoever_is_blocked_is_not_asked_for_coins_first():
    books = open_books()
    books.restrictions[GUILD, MIA] = Restrictions(blocked=HIM)

    with pytest.raises(GiftBlocked):
        decide(gift(), books, NOON)
    books.restrictions.clear()
    with pytest.raises(NotEnoughCoins):
        decide(gift(), books, NOON)


def test_an_anonymous_block_changes_nothing_that_others_could_see():
    open_answers = [
        answer(restrictions, anonymous=anonymous, sender_id=sender)
        for restrictions, anonymous, sender in product(
            (Restrictions(), Restrictions(blocked_anonymous=frozenset({12345}))), (True, False), (ALICE,)
        )
    ]

    assert open_answers == [None] * 4
