"""How long the refusal of a channel is believed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channel_refusals import LONGEST_PAUSE_MS, NEVER_MS, UnwritableChannel, pause_ms

NOW_MS = 1_700_000_000_000
CHANNEL = UnwritableChannel(1, 2, 0, NOW_MS)


def test_a_first_refusal_is_believed_for_seconds_and_later_ones_for_minutes():
    pauses = [pause_ms(failures, LONGEST_PAUSE_MS) // 1000 for failures in range(1, 12)]

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800]


@given(refusals=st.integers(0, 10_000))
def test_no_refusal_lasts(refusals: int):
    channel = CHANNEL
    for _ in range(min(refusals, 50)):
        channel = channel.refused(50013, NOW_MS)
    channel = channel.refused(50013, NOW_MS)

    assert channel.refuses_at(NOW_MS)
    assert not channel.refuses_at(NOW_MS + LONGEST_PAUSE_MS)


def test_where_our_rights_explain_a_refusal_it_is_believed_longest():
    channel = CHANNEL.forbidden(50001, NOW_MS)

    assert channel.retry_ms == NOW_MS + LONGEST_PAUSE_MS
    assert not channel.is_gone


def test_a_channel_that_is_gone_is_never_tried_again():
    channel = CHANNEL.lost(10003)

    assert channel.is_gone
    assert channel.refuses_at(NEVER_MS - 1)
    assert channel.hides_messages


def test_a_refusal_keeps_who_has_heard_of_it():
    channel = UnwritableChannel(1, 2, 50013, NOW_MS, is_reported=True).refused(50001, NOW_MS)

    assert (channel.is_reported, channel.code, channel.refusals) == (True, 50001, 1)
