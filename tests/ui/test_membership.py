"""Who is shown on a board: those who are here, asked for sparingly."""

import asyncio

import pytest

from bot.domain.errors import Busy
from bot.ui.kit.membership import JUST_NOW_S, REMEMBERED_S, Membership, Profile
from bot.ui.kit.shared_requests import MOST_BY_ONE, Shared

SILENT = 7
"""Somebody of whom Discord says nothing."""


class Town:
    """A guild's members as Discord would name them, and a clock."""

    def __init__(self, *members: int) -> None:
        self.members = set(members)
        self.questions: list[int] = []
        self.now = 0.0

    async def look(self, _guild_id: int, member_id: int) -> Profile:
        self.questions.append(member_id)
        await asyncio.sleep(0)
        if member_id == SILENT:
            return Profile(is_member=True)
        return Profile(True, f"member {member_id}") if member_id in self.members else Profile(is_member=False)

    def membership(self) -> Membership:
        return Membership(self.look, lambda: self.now)


async def test_those_who_left_are_not_here() -> None:
    town = Town(1, 3)

    assert await town.membership().members_among(9, [1, 2, 3]) == {1, 3}


async def test_nobody_is_asked_for_twice_in_ten_minutes() -> None:
    town = Town(1)
    membership = town.membership()
    await membership.members_among(9, [1, 2, 1])
    town.now = REMEMBERED_S - 1
    await membership.members_among(9, [2, 1])

    assert sorted(town.questions) == [1, 2]


async def test_who_comes_back_is_seen_again_after_a_while() -> None:
    town = Town()
    membership = town.membership()
    before = await membership.members_among(9, [1])
    town.members.add(1)
    town.now = REMEMBERED_S

    assert before == set()
    assert await membership.members_among(9, [1]) == {1}


async def test_each_guild_has_its_own_members() -> None:
    town = Town(1)
    membership = town.membership()
    await membership.members_among(9, [1])
    await membership.members_among(8, [1])

    assert town.questions == [1, 1]


async def test_of_whom_discord_says_nothing_is_here_and_is_asked_for_again() -> None:
    town = Town()
    membership = town.membership()
    present = await membership.members_among(9, [SILENT])
    town.now = JUST_NOW_S
    await membership.members_among(9, [SILENT])

    assert present == {SILENT}
    assert town.questions == [SILENT, SILENT]


async def test_how_somebody_is_shown_is_remembered_too() -> None:
    town = Town(1)
    membership = town.membership()
    await membership.members_among(9, [1])
    faces = await membership.profiles(9, [1])

    assert faces == {1: Profile(True, "member 1")}
    assert town.questions == [1]


async def test_all_who_ask_at_once_share_an_answer() -> None:
    town = Town(1)
    membership = town.membership()
    answers = await asyncio.gather(*(membership.is_member(9, member_id) for member_id in (1, 1, 2, 1)))
    town.now = JUST_NOW_S / 2
    answers.append(await membership.is_member(9, 1))

    assert answers == [True, True, False, True, True]
    assert town.questions == [1, 2]


async def test_an_answer_of_a_moment_ago_is_too_old_for_a_gift() -> None:
    town = Town(1)
    membership = town.membership()
    before = await membership.is_member(9, 1)
    town.members.remove(1)
    town.now = JUST_NOW_S

    assert (before, await membership.is_member(9, 1)) == (True, False)


async def test_whoever_asked_first_may_give_up() -> None:
    town = Town(1)
    membership = town.membership()
    first = asyncio.create_task(membership.is_member(9, 1))
    second = asyncio.create_task(membership.is_member(9, 1))
    await asyncio.sleep(0)
    first.cancel()

    assert await second
    assert town.questions == [1]


async def test_only_so_many_are_remembered_and_the_oldest_is_forgotten_first() -> None:
    town = Town(1, 2, 3)
    membership = Membership(town.look, lambda: town.now, most=2)
    for member in (1, 2, 3):
        await membership.profiles(9, [member])
    town.now = JUST_NOW_S
    for member in (2, 3, 1):
        await membership.profiles(9, [member])

    assert town.questions == [1, 2, 3, 1]


async def test_names_that_many_ask_for_at_once_are_asked_for_once() -> None:
    town = Town(1)
    membership = town.membership()
    await asyncio.gather(*(membership.profiles(9, [1]) for _ in range(100)))

    assert town.questions == [1]


async def test_nobody_is_refused_because_discord_takes_long() -> None:
    town = Town(1)
    gate = asyncio.Event()

    async def slow(guild_id: int, member_id: int) -> Profile:
        await gate.wait()
        return await town.look(guild_id, member_id)

    membership = Membership(slow, lambda: town.now)
    gate.set()
    is_present = await membership.is_member(9, 2)
    gate.clear()
    town.now = JUST_NOW_S

    # Who was gone when Discord last said so still is; of whom it never said anything, nobody knows better.
    assert not is_present
    assert not await membership.is_member(9, 2, patience_s=0)
    assert await membership.is_member(9, 3, patience_s=0)
    gate.set()


async def test_one_member_cannot_have_many_questions_open() -> None:
    gate = asyncio.Event()

    async def ask(key: int) -> int:
        await gate.wait()
        return key

    shared = Shared(ask, 10, lambda: 0)
    questions = [asyncio.create_task(shared.get(key, asker=1)) for key in range(MOST_BY_ONE)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await shared.get(99, asker=1)
    other_question = asyncio.create_task(shared.get(99, asker=2))
    await asyncio.sleep(0)
    gate.set()

    assert await asyncio.gather(*questions, other_question) == [0, 1, 2, 99]
    assert await shared.get(100, asker=1) == 100
