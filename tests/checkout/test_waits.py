"""How long the provider keeps trying."""

from sandbox.signed_posts import GIVE_UP_SECONDS, waits


def test_attempts_thin_out_and_end_after_an_hour():
    pauses = list(waits())

    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert GIVE_UP_SECONDS - 60 <= sum(pauses) <= GIVE_UP_SECONDS
