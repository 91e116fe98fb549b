"""A member has one picker from a board: the newest."""

from typing import cast

import discord

from bot.ui.kit.open_pickers import OpenPickers


class Press:
    """An interaction that has shown a picker, which can be taken away."""

    def __init__(self, press_id: int, member_id: int = 11) -> None:
        self.id = press_id
        self.user = discord.Object(member_id)
        self.is_gone = False

    async def delete_original_response(self) -> None:
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


async def test_each_member_has_a_picker_and_a_sent_one_stays() -> None:
    pickers = OpenPickers()
    first, other = Press(1), Press(2, member_id=12)
    await show(pickers, first, other)
    pickers.leave_alone(1)

    assert await show(pickers, Press(3)) == [False]
    assert (first.is_gone, other.is_gone) == (False, False)


async def test_a_picker_from_which_a_gift_was_sent_before_it_was_known_to_be_shown_stays() -> None:
    pickers = OpenPickers()
    receipt = Press(1)
    pickers.leave_alone(1)

    assert await show(pickers, receipt, Press(2)) == [False, False]
