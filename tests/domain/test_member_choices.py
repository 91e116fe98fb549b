"""What members have chosen for themselves, in the rule of gifts and wherever gifts are added up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.anonymity import in_public
from bot.domain.combos import Combos
from bot.domain.gift_totals import GiftTotals
from bot.domain.ledger.restrictions import AnonymousBlocked, Restrictions
from bot.domain.member_choices import NO_CHOICES, Choice
from tests.domain.builders import ALICE, GUILD, HOLDERS, MIA, ROB, gift, open_books, submit
from tests.domain.test_live_progress import a_gift as a_live_gift
from tests.domain.test_posts import a_gift

switches = st.lists(st.tuples(st.sampled_from([*Choice]), st.booleans(), st.integers(1, 9)))


@given(switches)
def test_each_choice_is_what_it_was_switched_to_last(changes: list[tuple[Choice, bool, int]]):
    choices = NO_CHOICES
    for choice, is_on, now_ms in changes:
        choices = choices.with_choice(choice, is_on=is_on, now_ms=now_ms)

    last = {choice: is_on for choice, is_on, _ in changes}
    assert {choice: choices.has(choice) for choice in Choice} == {choice: last.get(choice, False) for choice in Choice}


def test_switching_on_what_is_on_keeps_the_time_since_when_it_is():
    choices = NO_CHOICES.with_choice(Choice.QUIET, is_on=True, now_ms=5)

    assert choices.with_choice(Choice.QUIET, is_on=True, now_ms=9).quiet_since_ms == 5


@pytest.mark.parametrize(
    ("default", "option", "is_anonymous"),
    [
        (True, None, True),
        (True, False, False),
        (True, True, True),
        (False, None, False),
        (False, False, False),
        (False, True, True),
    ],
)
def test_a_gift_is_anonymous_as_chosen_unless_it_says_otherwise(default: bool, option: bool | None, is_anonymous: bool):
    books = open_books(promo=100)
    books.anonymous = {(GUILD, ALICE)} if default else set()

    row = submit(books, gift(anonymous=option))

    assert row.facts["anonymous"] is is_anonymous


def test_a_creator_who_takes_no_anonymous_gifts_from_somebody_takes_none_by_default_either():
    books = open_books(promo=100)
    books.anonymous = {(GUILD, ALICE)}
    books.restrictions[GUILD, MIA] = Restrictions(blocked_anonymous=frozenset({HOLDERS[ALICE]}))

    with pytest.raises(AnonymousBlocked):
        submit(books, gift(anonymous=None))
    assert submit(books, gift(anonymous=False)).facts["anonymous"] is False


def test_only_the_sender_reads_that_a_gift_wanted_quiet():
    books = open_books(promo=100)
    books.quiet = {(GUILD, ALICE)}

    row = submit(books, gift())

    assert row.facts["quiet"] is True
    assert "quiet" not in in_public(a_gift(1)._replace(facts=row.facts)).facts


def test_the_best_combo_is_the_best_of_those_who_want_one():
    combos = Combos()
    combos.feed(a_live_gift(1, sender=1, quantity=50, joins_combos=False))
    combos.feed(a_live_gift(2, sender=2, quantity=3))

    assert combos.best is not None
    assert (combos.best.sender, combos.best.quantity) == (2, 3)


def test_sums_are_shown_only_where_nobody_hides_theirs():
    totals = GiftTotals()
    for seq, sender in enumerate((ALICE, ROB), 1):
        totals.add(a_gift(seq, sender=sender, count=3))
    alices, robs = totals.lines.values()

    assert (totals.shows_sums, totals.shows_quantity([alices, robs])) == (True, True)
    totals.quiet_ids = frozenset({ALICE})
    assert (totals.shows_sums, totals.shows_quantity([alices]), totals.shows_quantity([robs])) == (True, False, True)
    totals.discreet_ids = frozenset({ROB})
    assert (totals.shows_sums, totals.shows_quantity([robs])) == (False, False)


def test_an_anonymous_gift_hides_no_sums_whatever_its_sender_has_chosen():
    totals = GiftTotals(discreet_ids=frozenset({ALICE}))
    totals.add(a_gift(1, sender=ALICE, anonymous=True, count=3))

    assert totals.shows_sums
