"""Gifts for the screen, made of rows as everybody may see them: each once, whatever the rows are cut into."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.anonymity import in_public
from bot.domain.catalogue import Tier
from bot.domain.combos import GAP_MS
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.reversal import Reverse
from bot.domain.member_choices import Choice, MemberChoices
from bot.domain.overlay_gifts import Notes, OverlayGift, Reel, readable, senders_in, taken_back
from bot.domain.receipts import Receipt
from tests.domain.builders import ALICE, CHANNEL, GUILD, MIA, NOON, ROB

NOAH, EVENT, OTHER_EVENT = 14, 900, 901
SENDERS = (ALICE, ROB)
WALLET = {"paid": 10, "promo": 0, "share": 8, "paid_after": 90, "promo_after": 5}


def a_row(seq: int, **changes: Any) -> Receipt:
    """The row of one lantern of 10 coins from Alice to Mia. Names of facts change those."""
    fields = {name: changes.pop(name) for name in [*changes] if name in Receipt._fields}
    count, price = changes.get("count", 1), changes.get("price", 10)
    facts: dict[str, Any] = {
        "creator": 2,
        "item": 1,
        "name": "Lantern",
        "emoji": "🏮",
        "price": price,
        "count": count,
        "coins": price * count,
        "anonymous": False,
        "channel": CHANNEL,
        "message": 0,
        "event": EVENT,
        "live_channel": 71,
        "noted": False,
        "zone": "UTC",
        **WALLET,
        **changes,
    }
    return Receipt(GUILD, seq, SendGift.kind, NOON + seq, ALICE, MIA, facts)._replace(**fields)


def shown(
    rows: Sequence[Receipt],
    *,
    choices: Mapping[int, MemberChoices] | None = None,
    undone: Mapping[int, int] | None = None,
    cuts: Sequence[int] = (),
) -> list[OverlayGift]:
    """Return what the screen has of the rows, read in parts that end at the `cuts`."""
    reel, gifts, start = Reel(), list[OverlayGift](), 0
    for end in [*sorted(cuts), len(rows)]:
        part = [in_public(row) for row in rows[start:end]]
        gifts += reel.feed(part, choices or {}, {EVENT}, undone or {})
        start = max(start, end)
    return gifts


def chosen(*choices: Choice) -> MemberChoices:
    choice_set = MemberChoices()
    for choice in choices:
        choice_set = choice_set.with_choice(choice, is_on=True, now_ms=NOON)
    return choice_set


CHOICES = st.dictionaries(
    st.sampled_from(SENDERS), st.sets(st.sampled_from(Choice)).map(lambda choices: chosen(*choices))
)


@st.composite
def journals(draw: st.DrawFn) -> list[Receipt]:
    rows, at_ms, seq = list[Receipt](), NOON, 0
    for _ in range(draw(st.integers(0, 25))):
        at_ms += draw(st.sampled_from([0, 1, GAP_MS, GAP_MS + 1]))
        fields: dict[str, Any] = {
            "at_ms": at_ms,
            "actor_id": draw(st.sampled_from([*SENDERS, 0])),
            "other_id": draw(st.sampled_from([MIA, NOAH])),
            "event": draw(st.sampled_from([EVENT, EVENT, OTHER_EVENT, 0])),
            "price": draw(st.sampled_from([1, 10, 1_000])),
            "count": draw(st.integers(1, 5)),
            "anonymous": draw(st.booleans()),
        }
        parts = draw(st.sampled_from([1, 1, 1, 2, 3]))
        for place in range(parts):
            seq += 1
            facts: dict[str, Any] = {}
            if parts > 1:
                facts = {"count": 1, "joint": [place, parts, fields["price"] * parts]}
                people = tuple((member_id, 1) for member_id in (MIA, NOAH, ROB)[:parts])
                facts |= {"team": [[2, 1]], "people": people} if place == 0 else {}
            rows.append(a_row(seq, **(fields | facts)))
    return rows


@given(rows=journals(), cuts=st.lists(st.integers(0, 60), max_size=5), choices=CHOICES)
def test_rows_read_in_parts_show_the_same_as_all_at_once(rows, cuts, choices):
    cuts = [min(cut, len(rows)) for cut in cuts]

    assert shown(rows, cuts=cuts, choices=choices) == shown(rows, choices=choices)


@given(rows=journals(), choices=CHOICES)
def test_every_gift_of_the_event_is_shown_once_and_none_of_another(rows, choices):
    first_parts = [row for row in rows if row.facts["event"] == EVENT and row.facts.get("joint", [0])[0] == 0]

    gifts = shown(rows, choices=choices)

    assert [gift.seq for gift in gifts] == [row.seq for row in first_parts]
    assert {gift.event_id for gift in gifts} <= {EVENT}


@given(rows=journals())
def test_without_choices_the_coins_shown_are_those_of_the_rows(rows):
    of_rows = sum(row.facts["coins"] for row in rows if row.facts["event"] == EVENT)

    assert sum(gift.coins for gift in shown(rows)) == of_rows


@given(rows=journals(), choices=CHOICES, senders=st.randoms(use_true_random=False))
def test_whoever_sent_an_anonymous_gift_the_screen_is_the_same(rows, choices, senders):
    twins = [row._replace(actor_id=senders.choice([*SENDERS, 0])) if row.facts["anonymous"] else row for row in rows]

    gifts = shown(rows, choices=choices)

    assert gifts == shown(twins, choices=choices)
    anonymous = {row.seq for row in rows if row.facts["anonymous"]}
    assert all(gift.sender_id is None and gift.combo in {1, gift.pieces} for gift in gifts if gift.seq in anonymous)
    assert senders_in(rows) == senders_in(twins)


@given(rows=journals(), choices=CHOICES)
def test_the_sender_of_an_anonymous_gift_is_nobody_whose_choices_are_asked_for(rows, choices):
    named_rows = [row for row in rows if not row.facts["anonymous"]]

    assert senders_in(rows) == {row.actor_id for row in named_rows} - {0}
    by_choice = {member_id: choice_set for member_id, choice_set in choices.items() if member_id in senders_in(rows)}
    assert shown(rows, choices=choices) == shown(rows, choices=by_choice)


@pytest.mark.parametrize(
    ("gap_ms", "combos"), [(0, [2, 5]), (GAP_MS, [2, 5]), (GAP_MS + 1, [2, 3])], ids=["at once", "in time", "too late"]
)
def test_a_combo_goes_on_while_the_next_gift_is_in_time(gap_ms, combos):
    rows = [a_row(1, at_ms=NOON, count=2), a_row(2, at_ms=NOON + gap_ms, count=3)]

    assert [gift.combo for gift in shown(rows)] == combos


@pytest.mark.parametrize(
    "change", [{"actor_id": ROB}, {"other_id": NOAH}, {"name": "Petal"}, {"anonymous": True}, {"event": OTHER_EVENT}]
)
def test_a_combo_is_of_one_sender_one_creator_and_one_gift(change):
    rows = [a_row(1), a_row(2, **change), a_row(3)]

    gifts = {gift.seq: gift.combo for gift in shown(rows)}

    assert gifts == ({1: 1, 3: 2} if "event" in change else {1: 1, 2: 1, 3: 2})


def test_a_long_show_keeps_no_more_combos_than_are_going_on():
    reel = Reel()
    for seq in range(1, 3_000):
        reel.feed([in_public(a_row(seq, actor_id=seq, at_ms=NOON + seq * 100))], {}, {EVENT}, {})

    assert len(reel._combos) <= 1_000


@pytest.mark.parametrize(
    ("choice", "pieces", "combo"),
    [(Choice.QUIET, 1, 1), (Choice.AMOUNTS_HIDDEN, 1, 1), (Choice.HIDDEN, 3, 1), (Choice.NO_PINGS, 3, 6)],
)
def test_what_a_sender_has_chosen_holds_on_the_screen(choice, pieces, combo):
    rows = [a_row(1, count=3), a_row(2, count=3)]

    last = shown(rows, choices={ALICE: chosen(choice)})[-1]

    assert (last.pieces, last.coins, last.combo) == (pieces, 10 * pieces, combo)


def test_pieces_that_were_taken_back_are_not_shown():
    rows = [a_row(1, count=3), a_row(2, count=2)]

    assert [(gift.seq, gift.pieces, gift.coins) for gift in shown(rows, undone={1: 1, 2: 2})] == [(1, 2, 20)]


def test_a_gift_for_several_creators_is_one_gift_with_all_of_them():
    whole = {"joint": [0, 2, 99], "team": [[2, 50], [4, 49]], "people": ((MIA, 50), (NOAH, 49))}
    rows = [a_row(1, price=50, **whole), a_row(2, price=49, other_id=NOAH, joint=[1, 2, 99])]

    (gift,) = shown(rows)

    assert (gift.coins, gift.creator_ids, gift.givers, gift.sender_id) == (99, (MIA, NOAH), (), ALICE)
    assert gift.people == {ALICE, MIA, NOAH}


def test_a_gift_that_members_pooled_for_is_one_gift_from_all_of_them():
    whole = {"joint": [0, 2, 1_000], "pool": [[1, 400], [3, 600]], "people": ((ALICE, 400), (ROB, 600))}
    rows = [a_row(1, price=400, **whole), a_row(2, price=600, actor_id=ROB, joint=[1, 2, 1_000])]

    (gift,) = shown(rows)

    assert (gift.coins, gift.creator_ids, gift.givers, gift.combo) == (1_000, (MIA,), (ALICE, ROB), 1)


def test_the_later_part_of_a_joint_gift_stands_for_it_where_the_first_is_of_another_event():
    rows = [a_row(1, joint=[0, 2, 20], event=OTHER_EVENT), a_row(2, joint=[1, 2, 20], other_id=NOAH)]

    assert [(gift.seq, gift.coins) for gift in shown(rows)] == [(2, 20)]


NOTED = shown([a_row(1, price=10, note="so rude"), a_row(2, price=1_000, note="kind"), a_row(3, price=1_000)])


@pytest.mark.parametrize(
    ("notes", "texts"),
    [
        (Notes(Tier.SMALL), [("so rude", False), ("kind", False), ("", False)]),
        (Notes(Tier.MEDIUM), [("", False), ("kind", False), ("", False)]),
        (Notes(Tier.SMALL, ("rude", None)), [("", False), ("kind", False), ("", False)]),
        (Notes(Tier.SMALL, is_held=True), [("so rude", True), ("kind", True), ("", False)]),
        (Notes(Tier.SMALL, is_held=True, verdicts={1: True}), [("so rude", False), ("kind", True), ("", False)]),
        (Notes(Tier.SMALL, verdicts={2: False}), [("so rude", False), ("", False), ("", False)]),
        (Notes(Tier.SMALL, ("rude",), is_held=True, verdicts={1: True}), [("", False), ("kind", True), ("", False)]),
    ],
)
def test_a_message_is_shown_as_the_settings_and_verdicts_say(notes, texts):
    assert [notes.of(gift) for gift in NOTED] == texts


@pytest.mark.parametrize(
    ("note", "text"),
    [
        ("Hello <@11> and <@!12>", "Hello @Alice and @…"),
        ("<:wave:1><a:dance:2>", ":wave::dance:"),
        ("  see <#70> <@&5> <id:guide>", "see"),
        ("<@> <b>&amp;</b>", "<@> <b>&amp;</b>"),
        ("<#1>", ""),
    ],
)
def test_a_message_reads_as_plain_text(note, text):
    assert readable(note, {ALICE: "Alice"}) == text


def test_only_gifts_that_were_taken_back_are_lost():
    reversals = [
        Receipt(GUILD, seq, Reverse.kind, NOON, ROB, ALICE, {"of": of, "of_kind": kind})
        for seq, of, kind in [(5, 1, SendGift.kind), (6, 2, "grant")]
    ]

    assert taken_back([a_row(1), *reversals]) == [1]
