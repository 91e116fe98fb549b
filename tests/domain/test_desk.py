"""One channel's messages over their lives: when they take gifts, when they are done, and what becomes of the rest."""

import pytest

from bot.domain.announcements import LONGEST_MS, OWN_MESSAGES, WINDOW_MS, Announcement, Desk, Form, Post, refill
from bot.domain.contents import NOTE_CHARACTERS, NOTES_PER_MESSAGE
from tests.domain.builders import ALICE, CHANNEL, GUILD, HOUR, NOON, ROB
from tests.domain.test_posts import a_gift

BELL = NOON + HOUR
"""When the quiet hours end."""


def post_up(announcement: Announcement) -> None:
    """Do what happens once Discord has taken the message: it shows all its gifts."""
    announcement.post.promised_seq = announcement.post.promised_seq or announcement.post.last_seq
    announcement.show(announcement.post.last_seq)


def a_post(form: Form = Form.SHARED, last_seq: int = 3) -> Post:
    return Post(GUILD, CHANNEL, 0, 1, last_seq, form, NOON, NOON)


def test_a_new_message_belongs_to_its_channel_and_waits_for_nothing():
    post = Desk(GUILD, CHANNEL).tell(a_gift(4), NOON).post

    assert (post.guild_id, post.key) == (GUILD, (CHANNEL, 0, 4))
    assert (post.due_ms, post.shown_seq, post.last_seq) == (0, 0, 4)
    assert post.waits(NOON)


def test_a_message_that_shows_all_its_gifts_has_nothing_to_tell():
    desk = Desk(GUILD, CHANNEL)
    one = desk.tell(a_gift(1), NOON)
    post_up(one)

    assert not one.post.waits(NOON)
    desk.tell(a_gift(2), NOON)
    assert one.post.waits(NOON)


def test_a_message_is_closed_at_its_longest_however_lively_it_is():
    desk = Desk(GUILD, CHANNEL)
    first = desk.tell(a_gift(1), NOON)
    post_up(first)

    for seq, at_ms in enumerate(range(NOON, NOON + LONGEST_MS, WINDOW_MS - 1), start=2):
        assert desk.tell(a_gift(seq), at_ms) is first
    assert desk.tell(a_gift(8), NOON + LONGEST_MS - 1) is first
    assert desk.tell(a_gift(9), NOON + LONGEST_MS) is not first


def test_a_live_gift_in_quiet_hours_is_told_at_once():
    live = Desk(GUILD, CHANNEL).tell(a_gift(1, live_channel=CHANNEL), NOON, BELL)

    assert live.post.waits(NOON)


def test_what_was_held_takes_nothing_more_once_the_quiet_hours_are_over():
    desk = Desk(GUILD, CHANNEL)
    held = desk.tell(a_gift(1), NOON, BELL)

    assert desk.tell(a_gift(2), BELL - 1, BELL) is held
    # The next quiet hours may begin where these end.
    assert desk.tell(a_gift(3), BELL, BELL + HOUR) is not held


@pytest.mark.parametrize("form", [Form.SHARED, Form.OWN, Form.HELD])
def test_a_message_that_was_given_up_takes_no_gifts_whatever_it_was_for(form):
    post = a_post(form)

    post.give_up()

    assert not post.is_open(NOON)
    assert not post.waits(BELL)


def test_totals_take_no_gifts():
    assert not a_post(Form.TOTALS).is_open(NOON)


def test_a_message_that_was_never_posted_is_forgotten_when_it_is_given_up():
    desk = Desk(GUILD, CHANNEL)
    desk.tell(a_gift(1), NOON).post.give_up()

    desk.tidy(NOON)

    assert desk.announcements == []


def test_a_message_that_is_given_up_stays_the_one_that_was_asked_for():
    post = a_post()
    post.promised_seq = 2
    before = post.nonce

    post.give_up()

    assert (post.promised_seq, post.nonce) == (2, before)


@pytest.mark.parametrize(
    ("promised", "shown", "lost"),
    [
        # Removed before we knew that it was up: it had shown what was asked for.
        (2, 0, [3, 4]),
        # Removed after it had grown by an edit.
        (1, 3, [4]),
        (1, 4, []),
    ],
)
def test_a_removed_message_leaves_the_gifts_that_nobody_can_have_seen(promised, shown, lost):
    desk = Desk(GUILD, CHANNEL)
    one = desk.tell(a_gift(1), NOON)
    for seq in (2, 3, 4):
        desk.tell(a_gift(seq), NOON)
    one.post.promised_seq = promised
    one.show(shown)

    assert [gift.seq for gift in one.lose()] == lost
    assert one.unseen == []
    assert not one.post.waits(BELL)


def test_large_gifts_that_were_told_still_count_after_a_tidy():
    desk = Desk(GUILD, CHANNEL)
    for seq in range(1, OWN_MESSAGES + 1):
        post_up(desk.tell(a_gift(seq, price=1_000, name=f"Ship {seq}"), NOON))

    desk.tidy(NOON + WINDOW_MS)

    assert desk.tell(a_gift(9, price=1_000, name="Ship 9"), NOON + WINDOW_MS).post.form is Form.SHARED
    desk.tidy(NOON + LONGEST_MS)
    assert desk.tell(a_gift(10, price=1_000, name="Ship 10"), NOON + LONGEST_MS).post.form is Form.OWN


def test_a_message_that_does_not_show_all_its_gifts_is_not_forgotten_however_old_it_is():
    desk = Desk(GUILD, CHANNEL)
    behind = desk.tell(a_gift(1), NOON)
    post_up(behind)
    desk.tell(a_gift(2), NOON)

    desk.tidy(NOON + HOUR)

    assert desk.announcements == [behind]


def test_a_large_combo_goes_on_when_the_channel_has_had_all_its_own_messages():
    desk = Desk(GUILD, CHANNEL)
    ships = [desk.tell(a_gift(seq, price=1_000, name=f"Ship {seq}"), NOON) for seq in range(1, OWN_MESSAGES + 1)]

    again = desk.tell(a_gift(9, price=1_000, name="Ship 1"), NOON)

    assert again is ships[0]
    assert [combo.pieces for combo in again.contents.ranked] == [2]


def test_a_gift_without_a_message_joins_where_no_more_messages_fit():
    desk = Desk(GUILD, CHANNEL)
    full = [desk.tell(a_gift(seq, note=f"note {seq}"), NOON) for seq in range(1, NOTES_PER_MESSAGE + 1)][-1]

    assert desk.tell(a_gift(50), NOON) is full


def test_a_note_too_long_for_any_other_beside_it_is_told_all_the_same():
    desk = Desk(GUILD, CHANNEL)
    first = desk.tell(a_gift(1), NOON)

    # Nothing that was said may be dropped, so it goes where nothing else is said.
    long = desk.tell(a_gift(2, note="x" * (NOTE_CHARACTERS + 1)), NOON)

    assert long is first
    assert desk.tell(a_gift(3, note="x"), NOON) is not first


def test_after_a_restart_a_message_of_a_member_is_where_it_was_though_two_announcements_span_it():
    # Two characters isolate each note: 30 are left in the first announcement, 6 in the second.
    first = [a_gift(seq, note="x" * 198) for seq in range(1, 11)] + [a_gift(11, note="x" * 168)]
    second = [a_gift(seq, note="y" * 198) for seq in range(12, 22)] + [a_gift(22, note="y" * 192)]
    gifts = [*first, *second, a_gift(23, note="short note"), a_gift(24, note="z")]
    desk = Desk(GUILD, CHANNEL)
    told = [desk.tell(gift, NOON) for gift in gifts]

    assert [one.post.first_seq for one in told[-2:]] == [1, 12]
    assert refill([one.post for one in desk.announcements], gifts) == desk.announcements


def test_an_announcement_tells_whether_a_gift_of_a_live_event_is_in_it():
    desk = Desk(GUILD, CHANNEL)
    one = desk.tell(a_gift(1), NOON)
    assert one.contents.is_live is False

    desk.tell(a_gift(2, live_channel=CHANNEL), NOON)
    desk.tell(a_gift(3), NOON)
    assert one.contents.is_live is True


def test_a_message_of_a_member_is_signed_unless_the_gift_has_no_name():
    desk = Desk(GUILD, CHANNEL)
    one = desk.tell(a_gift(1, note="for you"), NOON)
    desk.tell(a_gift(2, note="guess who", sender=ROB, anonymous=True), NOON)

    assert [(note.sender_id, note.text) for note in one.contents.notes] == [(ALICE, "for you"), (None, "guess who")]
