"""What is said in public: every gift once, every note once, every total exact, and nobody named who asked not to be."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements import OWN_MESSAGES, Announcement, ChannelFeed, channel_for, is_grand, refill
from bot.domain.catalogue import Tier
from bot.domain.gift_totals import CHARACTERS, LINE_CHARACTERS, NEWEST_NOTES, GiftTotals, gift_line_key
from bot.domain.posts import LONGEST_MS, NEVER_MS, WINDOW_MS, Post, PostForm
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from tests.domain.builders import ALICE, CHANNEL, GUILD, LIVE_CHANNEL, MIA, NOON, ROB

PRICES = [1, 10, 99, 100, 999, 1_000, 4_999, 5_000, 20_000, 44_999]
GIFT_CHANNEL = 72
FAMILY = "👨‍👩‍👧‍👦"


def a_gift(seq: int, *, price: int = 10, count: int = 1, note: str = "", sender: int = ALICE, **facts: Any) -> Receipt:
    defaults = {
        "item": price, "name": f"Item {price}", "emoji": "🏮", "price": price, "count": count, "coins": price * count,
        "anonymous": False, "channel": CHANNEL, "live_channel": 0, "message": 0,
    }  # fmt: skip
    return Receipt(GUILD, seq, "gift", NOON + seq, sender, MIA, defaults | facts, note)


@st.composite
def shows(draw: st.DrawFn) -> list[tuple[int, Receipt]]:
    """Gifts of one channel in order, each with the milliseconds that went by before it."""
    return [
        (
            draw(st.sampled_from([0, 10, 900, WINDOW_MS - 1, WINDOW_MS, LONGEST_MS])),
            a_gift(
                seq,
                price=draw(st.sampled_from(PRICES)),
                count=draw(st.integers(1, 99)),
                note=draw(st.sampled_from(["", "", f"note {seq}", f"{seq} " + "*" * 190, f"{seq} " + FAMILY * 28])),
                sender=draw(st.sampled_from([0, ALICE, ROB])),
                anonymous=draw(st.booleans()),
                live_channel=draw(st.sampled_from([0, CHANNEL])),
            ),
        )
        for seq in range(1, draw(st.integers(1, 25)))
    ]


def tell(
    show: list[tuple[int, Receipt]], *, posted: bool = True, quiet_until_ms: int = 0
) -> list[tuple[int, list[Receipt], Announcement]]:
    """Tell a show; return when each announcement opened, its gifts, and itself. `posted` ones are posted at once."""
    feed, now_ms = ChannelFeed(GUILD, CHANNEL), NOON
    by_id: dict[int, tuple[int, list[Receipt], Announcement]] = {}
    for wait_ms, gift in show:
        now_ms += wait_ms
        announcement = feed.announce(gift, now_ms, quiet_until_ms)
        by_id.setdefault(id(announcement), (now_ms, [], announcement))[1].append(gift)
        if posted:
            post = announcement.post
            post.attempted_seq = post.attempted_seq or gift.seq
            announcement.show(gift.seq)
    return list(by_id.values())


def gifts(*receipts: Receipt, wait_ms: int = 0) -> list[tuple[int, Receipt]]:
    return [(wait_ms, receipt) for receipt in receipts]


@given(show=shows(), posted=st.booleans(), quiet=st.sampled_from([0, NOON + 15_000]))
def test_totals_add_up_to_every_gift_exactly_once(show, posted, quiet):
    announcements = [announcement for _at, _gifts, announcement in tell(show, posted=posted, quiet_until_ms=quiet)]

    assert sum(announcement.contents.coins for announcement in announcements) == sum(
        gift.facts["coins"] for _, gift in show
    )
    assert sum(announcement.contents.pieces for announcement in announcements) == sum(
        gift.facts["count"] for _, gift in show
    )
    assert sum(announcement.contents.gifts for announcement in announcements) == len(show)
    for announcement in announcements:
        assert sum(combo.coins for combo in announcement.contents.ranked) == announcement.contents.coins
        assert sum(combo.quantity for combo in announcement.contents.ranked) == announcement.contents.pieces


@given(show=shows(), posted=st.booleans())
def test_every_note_is_counted_once_and_a_message_shows_the_newest(show, posted):
    for _at, receipts, announcement in tell(show, posted=posted):
        notes = [gift.note for gift in receipts if gift.note]

        assert announcement.contents.note_count == len(notes)
        assert [note.text for note in announcement.contents.notes] == notes[-NEWEST_NOTES:]


@given(show=shows(), posted=st.booleans(), quiet=st.sampled_from([0, NOON + 15_000]))
def test_grand_gifts_share_a_message_with_nothing_smaller(show, posted, quiet):
    for _at, receipts, announcement in tell(show, posted=posted, quiet_until_ms=quiet):
        assert {is_grand(gift) for gift in receipts} == {announcement.post.form is PostForm.GRAND}


@given(show=shows(), posted=st.booleans())
def test_a_message_that_names_several_grand_gifts_fits_and_does_not_grow_once_it_is_up(show, posted):
    for _at, receipts, announcement in tell(show, posted=posted):
        if announcement.post.form is PostForm.GRAND:
            lines = sum(len(shown(combo.name)) + LINE_CHARACTERS for combo in announcement.contents.lines.values())

            assert lines <= CHARACTERS
            assert not posted or len({gift_line_key(gift) for gift in receipts}) == 1


@given(show=shows(), posted=st.booleans())
def test_a_message_that_was_posted_grows_only_while_it_is_fresh(show, posted):
    now_ms = NOON
    moments = {}
    for wait_ms, gift in show:
        now_ms += wait_ms
        moments[gift.seq] = now_ms

    for opened_ms, receipts, _announcement in tell(show):
        times = [moments[gift.seq] for gift in receipts]
        assert times[-1] - opened_ms < LONGEST_MS
        assert all(later - earlier < WINDOW_MS for earlier, later in itertools.pairwise(times))


@given(show=shows())
def test_a_channel_gets_few_messages_of_their_own(show):
    times = [at for at, _gifts, announcement in tell(show) if announcement.post.form is PostForm.OWN]

    for start in times:
        assert sum(start <= at < start + LONGEST_MS for at in times) <= OWN_MESSAGES


@given(show=shows(), posted=st.booleans(), quiet=st.sampled_from([0, NOON + 15_000]))
def test_after_a_restart_every_message_holds_the_gifts_it_held(show, posted, quiet):
    before = [announcement for _at, _gifts, announcement in tell(show, posted=posted, quiet_until_ms=quiet)]

    after = refill([announcement.post for announcement in before], [gift for _, gift in show])

    assert after == before


@given(show=shows())
def test_nobody_is_named_who_gave_anonymously(show):
    for _, gift in show:
        gift.facts["anonymous"] = True

    for _at, _gifts, announcement in tell(show):
        assert {combo.sender_id for combo in announcement.contents.ranked} == {None}
        assert {note.sender_id for note in announcement.contents.notes} <= {None}


def test_gifts_of_one_item_from_one_member_are_one_combo():
    ((_, _, announcement),) = tell(
        gifts(a_gift(1), a_gift(2, count=4), a_gift(3, sender=ROB), a_gift(4, anonymous=True))
    )

    assert [(combo.sender_id, combo.quantity, combo.coins) for combo in announcement.contents.ranked] == [
        (ALICE, 5, 50), (ROB, 1, 10), (None, 1, 10),
    ]  # fmt: skip
    assert (
        announcement.contents.pieces,
        announcement.contents.coins,
        announcement.post.first_seq,
        announcement.post.last_seq,
    ) == (7, 70, 1, 4)
    assert announcement.contents.gifters == {ALICE, ROB}


def test_an_erased_sender_is_told_apart_from_an_anonymous_one():
    ((_, _, announcement),) = tell(gifts(a_gift(1, sender=0, note="bye")))

    assert announcement.contents.ranked[0].sender_id == 0
    assert announcement.contents.notes[0].sender_id == 0


@pytest.mark.parametrize(("big", "own"), [(1, 1), (OWN_MESSAGES, OWN_MESSAGES), (OWN_MESSAGES + 5, OWN_MESSAGES)])
def test_a_few_large_gifts_have_a_message_each_and_the_others_share_one(big, own):
    rows = [a_gift(seq, price=1_000, name=f"Ship {seq}") for seq in range(1, big + 1)] + [a_gift(50), a_gift(51)]

    announcements = [announcement for _at, _gifts, announcement in tell(gifts(*rows))]

    assert [announcement.post.form for announcement in announcements].count(PostForm.OWN) == own
    assert len(announcements) == own + 1


def test_while_messages_wait_for_their_turns_large_gifts_get_none_of_their_own():
    rows = [a_gift(seq, price=1_000, name=f"Ship {seq}") for seq in range(1, 9)]

    announcements = [announcement for _at, _gifts, announcement in tell(gifts(*rows), posted=False)]

    assert [(announcement.post.form, announcement.contents.gifts) for announcement in announcements] == [
        (PostForm.OWN, 1), (PostForm.OWN, 1), (PostForm.SHARED, 6),
    ]  # fmt: skip


def test_grand_gifts_that_wait_are_named_in_one_message():
    rows = [a_gift(1, price=5_000), a_gift(2), a_gift(3, price=44_999, sender=ROB), a_gift(4, price=5_000)]

    grand, shared = [announcement for _at, _gifts, announcement in tell(gifts(*rows), posted=False)]

    assert (grand.post.form, shared.post.form) == (PostForm.GRAND, PostForm.SHARED)
    assert [(combo.sender_id, combo.quantity) for combo in grand.contents.ranked] == [(ROB, 1), (ALICE, 2)]


def test_grand_gifts_of_the_night_are_named_apart_when_the_quiet_hours_end():
    end_ms = NOON + 3_600_000
    rows = [a_gift(1, price=20_000), a_gift(2, price=20_000, live_channel=CHANNEL), a_gift(3, price=5_000), a_gift(4)]

    night, live, morning = [
        announcement for _at, _gifts, announcement in tell(gifts(*rows), posted=False, quiet_until_ms=end_ms)
    ]

    assert [(news.post.form, news.post.due_ms, news.contents.gifts) for news in (night, live, morning)] == [
        (PostForm.GRAND, end_ms, 2), (PostForm.GRAND, 0, 1), (PostForm.HELD, end_ms, 1),
    ]  # fmt: skip


def test_a_grand_combo_grows_in_place():
    rows = [a_gift(1, price=5_000), a_gift(2), a_gift(3, price=5_000), a_gift(4, price=5_000, sender=ROB)]

    announcements = [announcement for _at, _gifts, announcement in tell(gifts(*rows, wait_ms=100))]

    assert [(announcement.post.form, announcement.contents.pieces) for announcement in announcements] == [
        (PostForm.GRAND, 2), (PostForm.SHARED, 1), (PostForm.GRAND, 1),
    ]  # fmt: skip


def test_what_nobody_has_seen_yet_takes_more_however_long_it_waits():
    ((_, _, announcement),) = tell(gifts(*map(a_gift, range(1, 6)), wait_ms=LONGEST_MS), posted=False)

    assert announcement.contents.gifts == 5


def test_in_quiet_hours_gifts_wait_for_one_message_at_their_end_and_a_live_event_goes_on():
    end_ms = NOON + 3_600_000
    rows = [a_gift(1, price=999), a_gift(2, live_channel=CHANNEL), a_gift(3)]

    morning, live = (
        announcement for _at, _gifts, announcement in tell(gifts(*rows, wait_ms=LONGEST_MS), quiet_until_ms=end_ms)
    )

    assert (morning.contents.gifts, live.contents.gifts) == (2, 1)
    assert morning.post.due_ms == end_ms
    morning.post.shown_seq = 0
    assert not morning.post.waits(end_ms - 1)
    assert morning.post.waits(end_ms)


def test_any_number_of_notes_shares_one_message():
    ((_, _, announcement),) = tell(gifts(*(a_gift(seq, note=f"note {seq}") for seq in range(1, 500))))

    assert announcement.contents.note_count == 499
    assert [note.text for note in announcement.contents.notes] == ["note 497", "note 498", "note 499"]


def test_a_gift_is_told_where_its_live_event_is_else_in_the_guilds_channel_else_where_it_was_sent():
    assert channel_for(a_gift(1, live_channel=LIVE_CHANNEL), GIFT_CHANNEL, Tier.LEGENDARY) == LIVE_CHANNEL
    assert channel_for(a_gift(1), GIFT_CHANNEL, Tier.SMALL) == GIFT_CHANNEL
    assert channel_for(a_gift(1), 0, Tier.SMALL) == CHANNEL


@pytest.mark.parametrize(("price", "told_at"), [(99, 0), (100, 0), (1_000, CHANNEL), (44_999, CHANNEL)])
def test_below_the_lowest_tier_nothing_is_said_outside_of_a_live_event(price, told_at):
    assert channel_for(a_gift(1, price=price), 0, Tier.LARGE) == told_at


def test_a_gift_on_a_message_is_told_where_gifts_are_told_unless_that_is_the_channel_of_the_message():
    assert channel_for(a_gift(1, message=5), GIFT_CHANNEL, Tier.SMALL) == GIFT_CHANNEL
    assert channel_for(a_gift(1, message=5), CHANNEL, Tier.SMALL) == 0
    assert channel_for(a_gift(1, message=5), 0, Tier.SMALL) == 0
    assert channel_for(a_gift(1, message=5), GIFT_CHANNEL, Tier.LARGE) == 0
    assert channel_for(a_gift(1, message=5, live_channel=CHANNEL), GIFT_CHANNEL, Tier.SMALL) == 0
    assert channel_for(a_gift(1, message=5, live_channel=LIVE_CHANNEL), CHANNEL, Tier.LARGE) == LIVE_CHANNEL


def test_told_messages_are_forgotten_and_waiting_ones_are_not():
    feed = ChannelFeed(GUILD, CHANNEL)
    complete = feed.announce(a_gift(1), NOON)
    complete.post.attempted_seq = 1
    complete.show(1)
    waiting = feed.announce(a_gift(2), NOON + LONGEST_MS)

    feed.tidy(NOON + LONGEST_MS)

    assert feed.announcements == [waiting]


def test_a_message_that_is_given_up_neither_waits_nor_grows():
    post = Post(GUILD, CHANNEL, 0, 1, 3, PostForm.SHARED, NOON, NOON)

    post.give_up()

    assert post.due_ms == NEVER_MS
    assert not post.waits(NOON)
    assert not post.is_open(NOON)


def test_gifts_that_a_removed_message_never_showed_are_told_in_another():
    feed = ChannelFeed(GUILD, CHANNEL)
    removed = feed.announce(a_gift(1), NOON)
    removed.post.attempted_seq = 1
    removed.show(1)
    feed.announce(a_gift(2), NOON)

    announcements = [feed.announce(gift, NOON) for gift in removed.lose()]

    assert [announcement.contents.gifts for announcement in announcements] == [1]
    assert announcements[0] is not removed
    assert (removed.post.last_seq, announcements[0].post.first_seq) == (1, 2)


def test_names_differ_by_channel_message_and_promise():
    posts = [
        Post(GUILD, channel, about, first, 9, PostForm.SHARED, NOON, NOON, attempted_seq=promised)
        for channel in (2**60, 2**60 + 0xFFFFF)
        for about in (0, 5)
        for first in (1, 2)
        for promised in (2, 3)
    ]

    assert len({post.name for post in posts}) == len(posts)


def test_contents_know_their_tier_by_the_dearest_item():
    contents = GiftTotals()
    contents.add(a_gift(1))
    contents.add(a_gift(2, price=44_999))

    assert contents.tier is Tier.LEGENDARY
