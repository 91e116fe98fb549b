"""What time it is: Discord confirms it, a jump puts it in doubt, and no wall clock is ever believed alone."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.timekeeping import INSIST_MS, STEP_MS, Doubt, Timekeeper, bounds_of_date, bounds_of_id

EPOCH_MS = 1_420_070_400_000
NOON_MS = 1_770_292_800_000
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


class World:
    """The truth: Discord's time, a machine whose clocks differ from it, and what passes between them."""

    def __init__(self, wall_ahead_ms: int = 0) -> None:
        self.now_ms = NOON_MS
        self.monotonic_ms = 5_000
        self.wall_ahead_ms = wall_ahead_ms
        self.keeper = Timekeeper()

    @property
    def wall_ms(self) -> int:
        return self.now_ms + self.wall_ahead_ms

    def wait(self, milliseconds: int) -> None:
        self.now_ms += milliseconds
        self.monotonic_ms += milliseconds

    def sleep(self, milliseconds: int) -> None:
        """Stand still as a paused machine does, whose monotonic clock knows nothing of it."""
        self.now_ms += milliseconds

    def look(self) -> int:
        return self.keeper.look(self.wall_ms, self.monotonic_ms)

    def glance(self) -> int:
        return self.keeper.at(self.monotonic_ms)

    def press(self, way_ms: int = 50) -> None:
        """Let an interaction be made, and heard of `way_ms` later."""
        snowflake = (self.now_ms - EPOCH_MS) << 22
        self.wait(way_ms)
        self.keeper.hear(bounds_of_id(snowflake, self.monotonic_ms), self.wall_ms, self.monotonic_ms)

    def ask(self, there_ms: int = 50, back_ms: int = 50, wrong_ms: int = 0) -> None:
        """Send a request, and hear its answer; `wrong_ms` is what that one server's clock is ahead."""
        asked_ms = self.monotonic_ms
        self.wait(there_ms)
        date_ms = (self.now_ms + wrong_ms) // 1000 * 1000
        self.wait(back_ms)
        bounds = bounds_of_date(date_ms, asked_ms, self.monotonic_ms)
        self.keeper.hear(bounds, self.wall_ms, self.monotonic_ms)

    @property
    def error_ms(self) -> int:
        return abs(self.look() - self.now_ms)


def start_world(wall_ahead_ms: int = 0) -> World:
    world = World(wall_ahead_ms)
    world.ask()
    return world


def test_before_discord_has_spoken_nothing_is_sure() -> None:
    world = World()
    world.look()
    world.press()

    assert world.keeper.doubt is Doubt.UNHEARD


def test_a_clock_that_is_right_is_taken_to_the_millisecond() -> None:
    world = start_world()

    assert world.keeper.doubt is None
    assert world.error_ms == 0


def test_a_clock_that_has_always_been_wrong_is_corrected() -> None:
    world = start_world(wall_ahead_ms=40 * DAY_MS)

    assert world.keeper.doubt is None
    assert world.error_ms <= 1_100
    assert abs(world.keeper.wall_ahead_ms - 40 * DAY_MS) <= 1_100


def test_a_jump_of_the_wall_clock_is_doubted_and_changes_no_time() -> None:
    world = start_world()
    world.wall_ahead_ms = 13 * HOUR_MS
    world.wait(1_000)

    assert world.error_ms == 0
    assert world.keeper.doubt is Doubt.JUMPED


def test_what_was_asked_before_a_jump_does_not_end_the_doubt() -> None:
    world = start_world()
    asked_ms = world.monotonic_ms
    world.wait(10)
    world.wall_ahead_ms = 13 * HOUR_MS
    world.look()
    world.wait(10)
    bounds = bounds_of_date(world.now_ms // 1000 * 1000, asked_ms, world.monotonic_ms)
    world.keeper.hear(bounds, world.wall_ms, world.monotonic_ms)

    assert world.keeper.doubt is Doubt.JUMPED


def test_the_next_answer_of_discord_ends_the_doubt_and_the_jump_is_corrected() -> None:
    world = start_world()
    world.wall_ahead_ms = -13 * HOUR_MS
    world.look()
    world.ask()

    assert world.keeper.doubt is None
    assert world.error_ms <= 1_100


def test_small_steps_of_the_wall_clock_are_no_jump() -> None:
    world = start_world()
    world.wall_ahead_ms = -STEP_MS

    assert world.error_ms <= STEP_MS
    assert world.keeper.doubt is None


def test_a_machine_that_slept_is_found_out_by_an_interaction_and_set_right_once_discord_insists() -> None:
    world = start_world()
    world.sleep(HOUR_MS)
    world.wall_ahead_ms -= HOUR_MS
    world.press()
    doubts = [world.keeper.doubt]
    for _ in range(29):
        world.wait(900)
        world.ask()
        doubts.append(world.keeper.doubt)
    world.wait(2_000)
    world.ask()

    assert {*doubts} == {Doubt.CONTRADICTED}
    assert world.keeper.doubt is None
    assert world.error_ms <= 1_100


def test_a_machine_that_slept_and_whose_wall_clock_was_set_goes_on_with_the_first_answer() -> None:
    world = start_world()
    world.sleep(HOUR_MS)
    world.look()
    doubt = world.keeper.doubt
    world.ask()

    assert doubt is Doubt.JUMPED
    assert world.keeper.doubt is None
    assert world.error_ms == 0


def test_one_server_of_discords_with_a_wrong_clock_is_not_believed() -> None:
    world = start_world()
    world.wait(5_000)
    world.ask(wrong_ms=DAY_MS)
    doubt, error_ms = world.keeper.doubt, world.error_ms
    world.ask()

    assert doubt is Doubt.CONTRADICTED
    assert error_ms == 0
    assert world.keeper.doubt is None
    assert world.error_ms == 0


def test_a_second_in_which_all_of_discord_is_half_a_day_ahead_changes_nothing() -> None:
    world = start_world()
    world.wait(5_000)
    for _ in range(10):
        world.ask(wrong_ms=13 * HOUR_MS)
    doubt = world.keeper.doubt
    world.ask()

    assert doubt is Doubt.CONTRADICTED
    assert world.keeper.doubt is None
    assert world.error_ms == 0


def test_old_interactions_say_nothing_new() -> None:
    world = start_world()
    world.wait(DAY_MS)
    old = (NOON_MS - EPOCH_MS) << 22
    world.keeper.hear(bounds_of_id(old, world.monotonic_ms), world.wall_ms, world.monotonic_ms)

    assert world.keeper.doubt is None
    assert world.error_ms == 0


def test_where_answers_carry_no_time_the_wall_clock_of_the_start_has_to_do() -> None:
    world = World()
    world.keeper.trust_wall(world.wall_ms, world.monotonic_ms)
    world.wall_ahead_ms = 13 * HOUR_MS
    world.wait(1_000)

    assert world.error_ms == 0
    assert world.keeper.doubt is None


def test_a_wall_clock_that_had_to_be_believed_is_corrected_by_interactions() -> None:
    world = World(wall_ahead_ms=-HOUR_MS)
    world.keeper.trust_wall(world.wall_ms, world.monotonic_ms)
    world.press()

    assert world.keeper.doubt is None
    assert world.error_ms <= 50


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 600_000)),
    st.tuples(st.just("jump"), st.integers(-400 * DAY_MS, 400 * DAY_MS)),
    st.tuples(st.just("press"), st.integers(0, 3_000)),
    st.tuples(st.just("ask"), st.integers(0, 3_000)),
)


@given(st.integers(-400 * DAY_MS, 400 * DAY_MS), st.lists(STEPS, max_size=40))
@example(2_002, [("press", 899), ("ask", 0)])
def test_whatever_the_wall_clock_does_time_is_doubted_or_right_and_an_answer_ends_every_doubt(
    ahead_ms: int, steps: list[tuple[str, int]]
) -> None:
    world = World(ahead_ms)
    last_ms = 0
    for verb, value in [("ask", 100), *steps]:
        if verb == "wait":
            world.wait(value)
        elif verb == "jump":
            world.wall_ahead_ms = value
        elif verb == "press":
            world.press(value)
        else:
            world.look()
            world.ask(value // 2, value - value // 2)
            assert world.keeper.doubt is None
        now_ms = world.look()
        # A whole second and a long way there and back are what a Date leaves open.
        assert abs(now_ms - world.now_ms) <= STEP_MS + 1_000 + 3_000
        assert now_ms >= last_ms
        last_ms = now_ms


@given(st.lists(st.tuples(st.integers(0, 10 * DAY_MS), st.sampled_from(["press", "ask"])), min_size=1, max_size=20))
def test_however_long_a_machine_slept_discord_sets_it_right(nights: list[tuple[int, str]]) -> None:
    world = start_world()
    for slept_ms, verb in nights:
        world.sleep(slept_ms)
        world.wall_ahead_ms -= slept_ms
        world.press() if verb == "press" else world.ask()
        assert world.keeper.doubt is not None or world.error_ms <= STEP_MS + 1_200
        world.ask()
        world.wait(INSIST_MS)
        world.ask()
        assert world.keeper.doubt is None
        assert world.error_ms <= STEP_MS + 1_200


@given(st.integers(-DAY_MS, DAY_MS), st.booleans(), st.integers(0, HOUR_MS))
def test_a_glance_tells_the_time_that_a_look_does(wall_ahead_ms: int, has_heard: bool, milliseconds: int):
    world = World(wall_ahead_ms)
    if has_heard:
        world.ask()
    world.look()
    world.wait(milliseconds)

    assert world.glance() == world.look()
