"""What is said in public: every gift once, every note once, every total exact, and nobody named who asked not to be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements import NOTE_CHARACTERS, NOTES_PER_MESSAGE, OWN_MESSAGES, Announcement, plan
from bot.domain.catalogue import Tier
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from tests.domain.builders import ALICE, CHANNEL, GUILD, LIVE_CHANNEL, MIA, NOON, ROB

PRICES = [1, 10, 99, 100, 999, 1_000, 4_999, 5_000, 20_000, 44_999]
GIFT_CHANNEL = 72
FAMILY = "👨‍👩‍👧‍👦"


def a_gift(seq: int, *, price: int = 10, count: int = 1, note: str = "", sender: int = ALICE, **facts: Any) -> Receipt:
    known = {
        "name": f"Item {price}", "emoji": "🏮", "price": price, "count": count, "coins": price * count,
        "anonymous": False, "channel": CHANNEL, "live_channel": 0,
    }  # fmt: skip
    return Receipt(GUILD, seq, "gift", NOON + seq, sender, MIA, known | facts, note)


@st.composite
def journals(draw: st.DrawFn) -> list[Receipt]:
    """Rows of one guild in order, other kinds among them."""
    rows: list[Receipt] = []
    for seq in range(draw(st.integers(1, 10**12)), 10**15)[: draw(st.integers(0, 40))]:
        if draw(st.integers(0, 9)) == 0:
            rows.append(Receipt(GUILD, seq, draw(st.sampled_from(["grant", "order"])), NOON, ALICE, 0, {}))
            continue
        rows.append(
            a_gift(
                seq,
                price=draw(st.sampled_from(PRICES)),
                count=draw(st.integers(1, 99)),
                note=draw(st.sampled_from(["", "", f"note {seq}", f"{seq} " + "*" * 190, f"{seq} " + FAMILY * 195])),
                sender=draw(st.sampled_from([0, ALICE, ROB])),
                anonymous=draw(st.booleans()),
                live_channel=draw(st.sampled_from([0, LIVE_CHANNEL])),
            )
        )
    return rows


def gifts_of(rows: list[Receipt]) -> list[Receipt]:
    return [row for row in rows if row.kind == "gift"]


def covered(message: Announcement, gifts: list[Receipt]) -> list[Receipt]:
    return [gift for gift in gifts if message.first_seq <= gift.seq <= message.last_seq]


@given(rows=journals(), channel=st.sampled_from([0, GIFT_CHANNEL]))
def test_totals_add_up_to_every_gift_exactly_once(rows, channel):
    messages, gifts = plan(rows, channel), gifts_of(rows)

    assert sum(message.coins for message in messages) == sum(gift.facts["coins"] for gift in gifts)
    assert sum(message.pieces for message in messages) == sum(gift.facts["count"] for gift in gifts)
    for message in messages:
        assert sum(combo.coins for combo in message.combos) == message.coins
        assert sum(combo.pieces for combo in message.combos) == message.pieces
        assert message.combos == sorted(message.combos, key=lambda combo: -combo.coins)
        assert message.highest_price <= max(gift.facts["price"] for gift in covered(message, gifts))


@given(rows=journals(), channel=st.sampled_from([0, GIFT_CHANNEL]))
def test_every_note_appears_exactly_once_and_fits_into_its_message(rows, channel):
    messages = plan(rows, channel)

    told = [note.text for message in messages for note in message.notes]
    assert sorted(told) == sorted(gift.note for gift in gifts_of(rows) if gift.note)
    for message in messages:
        assert len(message.notes) <= NOTES_PER_MESSAGE
        assert len(message.notes) == 1 or sum(len(shown(note.text)) for note in message.notes) <= NOTE_CHARACTERS


@given(rows=journals(), channel=st.sampled_from([0, GIFT_CHANNEL]))
def test_the_same_rows_give_the_same_messages_with_nonces_of_their_own(rows, channel):
    messages = plan(rows, channel)

    nonces = [message.nonce for message in messages]
    assert nonces == [message.nonce for message in plan(list(rows), channel)]
    assert len(set(nonces)) == len(nonces)
    assert all(1 <= len(nonce) <= 25 and nonce.isascii() for nonce in nonces)
    assert messages == plan(list(rows), channel)


@given(rows=journals())
def test_nobody_is_named_who_gave_anonymously(rows):
    for row in gifts_of(rows):
        row.facts["anonymous"] = True

    for message in plan(rows, 0):
        assert {combo.sender_id for combo in message.combos} == {None}
        assert {note.sender_id for note in message.notes} <= {None}


@given(rows=journals())
def test_a_gift_is_told_where_its_live_event_is_else_in_the_guilds_channel(rows):
    messages = plan(rows, GIFT_CHANNEL)

    for channel_id, live_channel in ((LIVE_CHANNEL, LIVE_CHANNEL), (GIFT_CHANNEL, 0)):
        coins = sum(gift.facts["coins"] for gift in gifts_of(rows) if gift.facts["live_channel"] == live_channel)
        assert sum(message.coins for message in messages if message.channel_id == channel_id) == coins


def test_without_a_channel_for_gifts_a_gift_is_told_where_it_was_sent():
    (message,) = plan([a_gift(1)], 0)

    assert message.channel_id == CHANNEL


def test_nothing_is_said_about_rows_that_are_no_gifts():
    assert plan([Receipt(GUILD, 1, "grant", NOON, ROB, ALICE, {}, "welcome")], 0) == []


def test_gifts_of_one_item_from_one_member_are_one_combo():
    rows = [a_gift(1), a_gift(2, count=4), a_gift(3, sender=ROB), a_gift(4, anonymous=True)]

    (message,) = plan(rows, 0)

    assert [(combo.sender_id, combo.pieces, combo.coins) for combo in message.combos] == [
        (ALICE, 5, 50), (ROB, 1, 10), (None, 1, 10),
    ]  # fmt: skip
    assert (message.pieces, message.coins, message.first_seq, message.last_seq) == (7, 70, 1, 4)
    assert message.gifters == {ALICE, ROB}


def test_an_erased_sender_is_nobody():
    (message,) = plan([a_gift(1, sender=0, note="bye")], 0)

    assert message.combos[0].sender_id is None
    assert message.notes[0].sender_id is None


@pytest.mark.parametrize(("big", "messages"), [(1, 2), (OWN_MESSAGES, OWN_MESSAGES + 1), (OWN_MESSAGES + 1, 1)])
def test_a_few_large_gifts_have_a_message_each_and_many_share_one(big, messages):
    rows = [a_gift(seq, price=1_000) for seq in range(1, big + 1)] + [a_gift(50), a_gift(51)]

    planned = plan(rows, 0)

    assert len(planned) == messages
    assert [message.tier for message in planned[:-1]] == [Tier.LARGE] * (messages - 1)


def test_one_note_too_many_opens_a_second_message():
    planned = plan([a_gift(seq, note=f"note {seq}") for seq in range(1, NOTES_PER_MESSAGE + 3)], 0)

    assert [len(message.notes) for message in planned] == [NOTES_PER_MESSAGE, 2]
    assert [message.first_seq for message in planned] == [1, NOTES_PER_MESSAGE + 1]


def test_notes_that_just_fit_share_a_message():
    # Two characters isolate each note.
    fitting = [a_gift(seq, note="x" * (NOTE_CHARACTERS // 5 - 2)) for seq in range(1, 6)]

    assert len(plan(fitting, 0)) == 1
    assert len(plan([*fitting, a_gift(6, note="x")], 0)) == 2


def test_long_notes_share_a_message_only_while_they_fit():
    planned = plan([a_gift(seq, note="*" * 200) for seq in range(1, 8)], 0)

    assert [len(message.notes) for message in planned] == [5, 2]


def test_messages_about_the_same_rows_differ_from_channel_to_channel():
    (first,), (second,) = plan([a_gift(1, channel=2**60)], 0), plan([a_gift(1, channel=2**60 + 0xFFFFF)], 0)

    assert first.nonce != second.nonce
