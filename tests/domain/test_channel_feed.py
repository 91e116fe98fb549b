"""One channel's messages over their lives: when they take gifts, when they are done, and what becomes of the rest."""

import pytest

from bot.domain.announcements import OWN_MESSAGES, Announcement, ChannelFeed, refill
from bot.domain.posts import LONGEST_MS, WINDOW_MS, Post, PostForm
from tests.domain.builders import ALICE, CHANNEL, GUILD, HOUR, NOON, ROB
from tests.domain.test_posts import a_gift

BELL = NOON + HOUR
"""When the quiet hours end."""


def post_up(announcement: Announcement) -> None:
    """Do what happens once Discord has taken the message: it shows all its gifts."""
    announcement.post.attempted_seq = announcement.post.attempted_seq or announcement.post.last_seq
    announcement.show(announcement.post.last_seq)


def a_post(form: PostForm = PostForm.SHARED, last_seq: int = 3) -> Post:
    return Post(GUILD, CHANNEL, 0, 1, last_seq, form, NOON, NOON)


def test_a_new_message_belongs_to_its_channel_and_waits_for_nothing():
    post = ChannelFeed(GUILD, CHANNEL).announce(a_gift(4), NOON).post

    assert (post.guild_id, post.key) == (GUILD, (CHANNEL, 0, 4))
    assert (post.due_ms, post.shown_seq, post.last_seq) == (0, 0, 4)
    assert post.waits(NOON)


def test_a_message_that_shows_all_its_gifts_has_nothing_to_tell():
    feed = ChannelFeed(GUILD, CHANNEL)
    announcement = feed.announce(a_gift(1), NOON)
    post_up(announcement)

    assert not announcement.post.waits(NOON)
    feed.announce(a_gift(2), NOON)
    assert announcement.post.waits(NOON)


def test_a_message_is_closed_at_its_longest_however_lively_it_is():
    feed = ChannelFeed(GUILD, CHANNEL)
    first = feed.announce(a_gift(1), NOON)
    post_up(first)

    for seq, at_ms in enumerate(range(NOON, NOON + LONGEST_MS, WINDOW_MS - 1), start=2):
        assert feed.announce(a_gift(seq), at_ms) is first
    assert feed.announce(a_gift(8), NOON + LONGEST_MS - 1) is first
    assert feed.announce(a_gift(9), NOON + LONGEST_MS) is not first


def test_a_live_gift_in_quiet_hours_is_told_at_once():
    live = ChannelFeed(GUILD, CHANNEL).announce(a_gift(1, live_channel=CHANNEL), NOON, BELL)

    assert live.post.waits(NOON)


def test_what_was_held_takes_nothing_more_once_the_quiet_hours_are_over():
    feed = ChannelFeed(GUILD, CHANNEL)
    morning = feed.announce(a_gift(1), NOON, BELL)

    assert feed.announce(a_gift(2), BELL - 1, BELL) is morning
    # The next quiet hours may begin where these end.
    assert feed.announce(a_gift(3), BELL, BELL + HOUR) is not morning


@pytest.mark.parametrize("form", [PostForm.SHARED, PostForm.OWN, PostForm.HELD])
def test_a_message_that_was_given_up_takes_no_gifts_whatever_it_was_for(form):
    post = a_post(form)

    post.give_up()

    assert not post.is_open(NOON)
    assert not post.waits(BELL)


def test_totals_take_no_gifts():
    assert not a_post(PostForm.TOTALS).is_open(NOON)


def test_a_message_that_was_never_posted_is_forgotten_when_it_is_given_up():
    feed = ChannelFeed(GUILD, CHANNEL)
    feed.announce(a_gift(1), NOON).post.give_up()

    feed.tidy(NOON)

    assert feed.announcements == []


def test_a_message_that_is_given_up_stays_the_one_that_was_asked_for():
    post = a_post()
    post.attempted_seq = 2
    before = post.name

    post.give_up()

    assert (post.attempted_seq, post.name) == (2, before)


@pytest.mark.parametrize(
    ("promised", "shown_seq", "unseen_seqs"),
    [
        # Removed before we knew that it was up: it had shown what was asked for.
        (2, 0, [3, 4]),
        # Removed after it had grown by an edit.
        (1, 3, [4]),
        (1, 4, []),
    ],
)
def test_a_removed_message_leaves_the_gifts_that_nobody_can_have_seen(promised, shown_seq, unseen_seqs):
    feed = ChannelFeed(GUILD, CHANNEL)
    announcement = feed.announce(a_gift(1), NOON)
    for seq in (2, 3, 4):
        announcement.post.attempted_seq = promised if seq > promised else 0
        feed.announce(a_gift(seq), NOON)
    announcement.show(shown_seq)

    assert [gift.seq for gift in announcement.lose()] == unseen_seqs
    assert announcement.unseen == []
    assert not announcement.post.waits(BELL)


def test_a_channel_that_is_closed_for_days_keeps_totals_and_not_every_gift():
    feed = ChannelFeed(GUILD, CHANNEL)
    announcement = feed.announce(a_gift(1), NOON + HOUR)
    for seq in range(2, 1_001):
        announcement = feed.announce(a_gift(seq), NOON + seq * HOUR)

    assert announcement.contents.gifts == 1_000
    assert announcement.unseen == []


def test_large_gifts_that_were_told_still_count_after_a_tidy():
    feed = ChannelFeed(GUILD, CHANNEL)
    for seq in range(1, OWN_MESSAGES + 1):
        post_up(feed.announce(a_gift(seq, price=1_000, name=f"Ship {seq}"), NOON))

    feed.tidy(NOON + WINDOW_MS)

    assert feed.announce(a_gift(9, price=1_000, name="Ship 9"), NOON + WINDOW_MS).post.form is PostForm.SHARED
    feed.tidy(NOON + LONGEST_MS)
    assert feed.announce(a_gift(10, price=1_000, name="Ship 10"), NOON + LONGEST_MS).post.form is PostForm.OWN


def test_a_message_that_does_not_show_all_its_gifts_is_not_forgotten_however_old_it_is():
    feed = ChannelFeed(GUILD, CHANNEL)
    behind = feed.announce(a_gift(1), NOON)
    post_up(behind)
    feed.announce(a_gift(2), NOON)

    feed.tidy(NOON + HOUR)

    assert feed.announcements == [behind]


def test_a_large_combo_goes_on_when_the_channel_has_had_all_its_own_messages():
    feed = ChannelFeed(GUILD, CHANNEL)
    ships = [feed.announce(a_gift(seq, price=1_000, name=f"Ship {seq}"), NOON) for seq in range(1, OWN_MESSAGES)]

    again = feed.announce(a_gift(9, price=1_000, name="Ship 1"), NOON)

    assert again is ships[0]
    assert [combo.quantity for combo in again.contents.ranked] == [2]


def test_a_removed_message_gives_its_gifts_to_one_that_holds_only_later_ones_of_them():
    feed = ChannelFeed(GUILD, CHANNEL)
    removed = feed.announce(a_gift(1), NOON)
    removed.post.attempted_seq = 1
    removed.show(1)
    feed.announce(a_gift(2), NOON)
    feed.announce(a_gift(3), NOON)
    later = feed.announce(a_gift(4), NOON + LONGEST_MS)

    announcements = [feed.announce(gift, NOON + LONGEST_MS) for gift in removed.lose()]

    assert announcements[0] is announcements[1] is not later
    assert (announcements[0].post.first_seq, announcements[0].post.last_seq, later.post.last_seq) == (2, 3, 4)
    rows = [a_gift(1), a_gift(2), a_gift(3), a_gift(4)]
    assert [
        announcement.contents.gifts
        for announcement in refill([announcement.post for announcement in feed.announcements], rows)
    ] == [1, 1, 2]


def test_an_announcement_tells_whether_a_gift_of_a_live_event_is_in_it():
    feed = ChannelFeed(GUILD, CHANNEL)
    announcement = feed.announce(a_gift(1), NOON)
    assert announcement.contents.is_live is False

    feed.announce(a_gift(2, live_channel=CHANNEL), NOON)
    feed.announce(a_gift(3), NOON)
    assert announcement.contents.is_live is True


def test_a_message_of_a_member_is_signed_unless_the_gift_has_no_name():
    feed = ChannelFeed(GUILD, CHANNEL)
    announcement = feed.announce(a_gift(1, note="for you"), NOON)
    feed.announce(a_gift(2, note="guess who", sender=ROB, anonymous=True), NOON)

    assert [(note.sender_id, note.text) for note in announcement.contents.notes] == [
        (ALICE, "for you"),
        (None, "guess who"),
    ]
