"""A member has one picker from a board: the newest."""

from typing import cast

import discord
import pytest

from bot.domain.errors import Refusal
from bot.ui.kit.open_pickers import MOST, OpenPickers

MEMBER = 11


class Press:
    """An interaction that has shown a picker, which can be taken away while it is `young`."""

    def __init__(self, press_id: int, member_id: int = MEMBER, *, young: bool = True) -> None:
        self.id = press_id
        self.user = discord.Object(member_id)
        self.is_gone = False
        self._is_young = young

    async def delete_original_response(self) -> None:
        if not self._is_young:
            raise discord.DiscordException
        self.is_gone = True


async def show(pickers: OpenPickers, *presses: Press) -> list[bool]:
    """Show the pickers in this order, and return which of them are gone."""
    for press in presses:
        await pickers.replace(cast("discord.Interaction", press))
    return [press.is_gone for press in presses]


async def test_a_second_picker_takes_the_place_of_the_first() -> None:
    assert await show(OpenPickers(), Press(1), Press(2)) == [True, False]


async def test_the_newer_picker_stays_even_if_it_was_shown_first() -> None:
    assert await show(OpenPickers(), Press(2), Press(1), Press(3)) == [True, True, False]


async def use(pickers: OpenPickers, intent: int, member_id: int = MEMBER) -> None:
    """Turn a picker into a receipt."""
    async with pickers.used(member_id, intent):
        pass


async def test_each_member_has_a_picker_and_a_sent_one_stays() -> None:
    pickers = OpenPickers()
    first, other = Press(1), Press(2, member_id=12)
    await show(pickers, first, other)
    await use(pickers, 1)

    assert await show(pickers, Press(3)) == [False]
    assert (first.is_gone, other.is_gone) == (False, False)


async def test_a_picker_from_which_a_gift_was_sent_before_it_was_known_to_be_shown_stays() -> None:
    pickers = OpenPickers()
    older, receipt = Press(1), Press(2)
    await show(pickers, older)
    await use(pickers, 2)

    assert await show(pickers, receipt, Press(3)) == [False, False]
    assert older.is_gone


async def test_a_sent_one_stays_however_many_gifts_were_sent_since() -> None:
    pickers = OpenPickers()
    receipt = Press(1)
    await show(pickers, receipt)
    for press_id in (1, *range(100, 100 + MOST + 1)):
        await use(pickers, press_id)

    await show(pickers, Press(2), Press(3))

    assert not receipt.is_gone


async def test_a_picker_that_was_taken_away_is_known_to_be_gone() -> None:
    pickers = OpenPickers()
    await show(pickers, Press(1), Press(2))

    assert not pickers.has(1)
    assert pickers.has(2)


async def test_a_picker_that_is_too_old_to_be_taken_away_is_still_there() -> None:
    pickers = OpenPickers()
    await show(pickers, Press(1, young=False), Press(2))

    assert pickers.has(1)


async def refuse(pickers: OpenPickers, picker: Press, *newer: Press) -> None:
    """Refuse what a picker was to become, once newer ones are there."""
    async with pickers.used(MEMBER, picker.id):
        await show(pickers, *newer)
        assert not picker.is_gone
        raise Refusal


async def test_a_picker_whose_gift_was_refused_makes_room_for_a_newer_one_and_not_before() -> None:
    pickers, picker, newer = OpenPickers(), Press(1), Press(2)
    await show(pickers, picker)

    with pytest.raises(Refusal):
        await refuse(pickers, picker, newer)

    assert (picker.is_gone, newer.is_gone) == (True, False)


async def test_a_picker_whose_gift_was_refused_can_be_used_again() -> None:
    pickers, receipt = OpenPickers(), Press(2)
    await show(pickers, Press(1), receipt)
    with pytest.raises(Refusal):
        await refuse(pickers, receipt)
    await use(pickers, 2)

    await show(pickers, Press(3))

    assert not receipt.is_gone


async def test_a_gift_that_was_refused_before_its_picker_was_known_to_be_shown_leaves_a_picker() -> None:
    pickers, picker = OpenPickers(), Press(1)
    with pytest.raises(Refusal):
        await refuse(pickers, picker)

    assert await show(pickers, picker, Press(2)) == [True, False]
