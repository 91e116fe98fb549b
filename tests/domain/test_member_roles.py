"""Which roles a member gets and loses: always those that they should have, and never one that is not the bot's."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.levels import LEVEL_COINS, level_of
from bot.domain.member_roles import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, pause_ms, plan_of, roles_from

roles = st.frozensets(st.integers(1, 9))


@given(roles, roles, roles)
def test_afterwards_a_member_has_what_they_should_and_what_others_gave_them(
    target: frozenset[int], own_roles: frozenset[int], present: frozenset[int]
):
    plan = plan_of(target, own_roles, present)

    after = (present | {*plan.give}) - {*plan.take}
    assert after == target | (present - own_roles)
    remembered_roles = (own_roles | {*plan.give}) - {*plan.take} - {*plan.forget}
    assert remembered_roles <= after


@given(roles, roles, roles)
def test_a_second_look_finds_nothing_to_do(target: frozenset[int], own_roles: frozenset[int], present: frozenset[int]):
    plan = plan_of(target, own_roles, present)
    after = (present | {*plan.give}) - {*plan.take}
    remembered_roles = (own_roles | {*plan.give}) - {*plan.take} - {*plan.forget}

    assert plan_of(target, remembered_roles, after) == ((), (), ())


def test_a_role_that_staff_gave_stays_and_one_that_was_lost_comes_back():
    assert plan_of(target={1}, own={1, 2}, present={2, 3}) == ((1,), (2,), ())
    assert plan_of(target=set(), own={1}, present={3}) == ((), (), (1,))


def test_pauses_double_up_to_an_hour():
    assert [pause_ms(failures) for failures in (1, 2, 3)] == [FIRST_PAUSE_MS, 2 * FIRST_PAUSE_MS, 4 * FIRST_PAUSE_MS]
    assert pause_ms(99) == LONGEST_PAUSE_MS


@given(st.dictionaries(st.integers(1, 50), st.integers(1, 9)), st.integers(0, 200_000), st.integers(0, 200_000))
def test_fewer_coins_never_bring_a_role(level_roles: dict[int, int], coins: int, less: int):
    pairs = [*level_roles.items()]

    assert roles_from(pairs, level_of(max(coins - less, 0))) <= roles_from(pairs, level_of(coins))
    assert roles_from(pairs, level_of(LEVEL_COINS[-1])) == {*level_roles.values()}
