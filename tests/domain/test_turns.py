"""Turns in one channel: few messages, grand gifts soon, boards first, and nobody waits for ever."""

import itertools
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.turns import (
    CHANNEL_GAP_S,
    GRAND_GAP_S,
    GRAND_PATIENCE_S,
    MOST_MESSAGES,
    WINDOW_S,
    TurnKind,
    Turns,
    Waiter,
)

START = 1_000.0
SLOWEST_S = 0.4
ROUNDING_S = 1e-4


@dataclass
class Play:
    """A channel in which requests take `takes_s` seconds; what happened is noted down."""

    takes_s: float = 0.0
    now: float = START
    turns: Turns = field(default_factory=Turns)
    arrival_times: dict[Waiter, float] = field(default_factory=dict[Waiter, float])
    history: list[tuple[float, Waiter]] = field(default_factory=list[tuple[float, Waiter]])

    def arrive(self, kind: TurnKind, verb: str = "POST") -> Waiter:
        waiter = self.turns.queue(kind, verb, 0, self.now)
        self.arrival_times[waiter] = self.now
        return waiter

    def run(self, until: float = float("inf")) -> None:
        """Give out turns until that moment, or until nobody waits."""
        while True:
            waiter, opens_at = self.turns.next_waiter(self.now)
            if waiter is not None:
                self.turns.begin(waiter, self.now)
                self.now += self.takes_s
                self.turns.end(waiter, self.now)
                self.history.append((self.now, waiter))
            elif opens_at > until or not self.turns.waiting:
                break
            else:
                self.now = opens_at
        if until < float("inf"):
            self.now = max(self.now, until)

    def times(self, *kinds: TurnKind, messages: bool = True) -> list[float]:
        return [at for at, waiter in self.history if waiter.kind in kinds and waiter.is_message is messages]

    def waits(self, *kinds: TurnKind) -> list[float]:
        return [at - self.arrival_times[waiter] for at, waiter in self.history if waiter.kind in kinds]


arrivals = st.lists(
    st.tuples(
        st.floats(0, 4),
        st.sampled_from(TurnKind),
        st.sampled_from(["POST", "POST", "PATCH", "PUT", "DELETE"]),
    ),
    max_size=60,
)


@given(arrivals=arrivals, takes_s=st.floats(0, SLOWEST_S))
def test_no_crowd_gets_more_than_six_messages_in_ten_seconds(arrivals, takes_s):
    play = Play(takes_s)
    for wait_s, kind, verb in arrivals:
        play.run(play.now + wait_s)
        play.arrive(kind, verb)
    play.run()
    messages = play.times(*TurnKind)

    assert len(play.history) == len(arrivals)
    assert all(
        later - earlier >= WINDOW_S - ROUNDING_S
        for earlier, later in zip(messages, messages[MOST_MESSAGES:], strict=False)
    )
    assert all(
        later - earlier >= CHANNEL_GAP_S - ROUNDING_S
        for (earlier, _), (later, _) in itertools.pairwise((at - takes_s, waiter) for at, waiter in play.history)
    )


@given(arrivals=arrivals, grand=st.lists(st.floats(0, 6), min_size=1, max_size=20), takes_s=st.floats(0, SLOWEST_S))
def test_a_grand_gift_waits_for_few_seconds_whatever_else_is_said(arrivals, grand, takes_s):
    play, waiting = Play(takes_s), None
    crowd = [(wait_s, kind, verb) for wait_s, kind, verb in arrivals if kind not in {TurnKind.GRAND, TurnKind.BOARD}]
    moments = [(at, TurnKind.GRAND, "POST") for at in itertools.accumulate(grand, initial=START)]
    times = itertools.accumulate((wait_s for wait_s, _, _ in crowd), initial=START)
    moments += [(at, kind, verb) for at, (_, kind, verb) in zip(times, crowd, strict=False)]
    for at, kind, verb in sorted(moments, key=lambda moment: moment[0]):
        play.run(at)
        if kind is not TurnKind.GRAND:
            play.arrive(kind, verb)
        # What comes meanwhile joins the one that waits.
        elif waiting not in play.turns.waiting:
            waiting = play.arrive(kind, verb)
    play.run()

    # Each may find another one speaking, and the channel's gap after that.
    assert max(play.waits(TurnKind.GRAND)) <= GRAND_PATIENCE_S + CHANNEL_GAP_S + SLOWEST_S * MOST_MESSAGES
    assert all(
        later - earlier >= GRAND_GAP_S - ROUNDING_S for earlier, later in itertools.pairwise(play.times(TurnKind.GRAND))
    )


@given(arrivals=arrivals, takes_s=st.floats(0, SLOWEST_S))
def test_nothing_goes_before_the_edit_of_a_board(arrivals, takes_s):
    play = Play(takes_s)
    for wait_s, kind, verb in arrivals:
        play.run(play.now + wait_s)
        play.arrive(kind if kind is not TurnKind.BOARD else TurnKind.MERGED, verb)
    spoken = len(play.history)
    board = play.arrive(TurnKind.BOARD, "PATCH")
    play.run()
    order = [waiter for _at, waiter in play.history[spoken:]]

    assert order[0] is board


def test_a_board_that_moves_down_lets_a_grand_gift_go_first():
    play = Play(0.05)
    play.arrive(TurnKind.GRAND)
    play.run()
    play.run(play.now + GRAND_GAP_S)
    board = [play.arrive(TurnKind.BOARD, verb) for verb in ("GET", "POST")]
    merged = play.arrive(TurnKind.MERGED)
    grand = play.arrive(TurnKind.GRAND)
    play.run()

    assert [waiter for _at, waiter in play.history[1:]] == [grand, *board, merged]


@given(kinds=st.lists(st.sampled_from(TurnKind), min_size=2, max_size=30))
def test_equals_are_served_in_the_order_in_which_they_came(kinds):
    play = Play()
    waiters = [play.arrive(kind) for kind in kinds]
    play.run()

    for kind in TurnKind:
        assert [waiter for _at, waiter in play.history if waiter.kind is kind] == [
            waiter for waiter in waiters if waiter.kind is kind
        ]


def test_a_crowd_of_grand_gifts_is_told_every_other_second_and_the_rest_is_not_forgotten():
    play = Play()
    for _ in range(30):
        play.arrive(TurnKind.GRAND)
    for _ in range(4):
        play.arrive(TurnKind.MERGED)
    play.run(START + 39.5)

    assert len(play.times(TurnKind.GRAND)) == 20
    assert len(play.times(TurnKind.MERGED)) == 4


def test_pins_count_as_the_messages_in_which_discord_tells_of_them():
    play = Play()
    for _ in range(12):
        play.arrive(TurnKind.TOTALS, "PUT")
    play.run(START + WINDOW_S - 0.1)

    assert len(play.history) == MOST_MESSAGES


def test_messages_of_an_earlier_process_count():
    play = Play()
    for ago_s in (1, 9, 5, 3, 2, 4):
        play.turns.note_message(START - ago_s, is_grand=ago_s == 1)
    waiter = play.arrive(TurnKind.GRAND)

    assert play.turns.opens_at(waiter, START) == START + 1
    assert play.turns.grand_at == START - 1


def test_whoever_gives_up_leaves_no_trace():
    play = Play()
    play.turns.end(play.arrive(TurnKind.MERGED), START)

    assert play.turns.is_at_rest(START)
    assert not [time for time in play.turns.message_times if time > START - WINDOW_S]
