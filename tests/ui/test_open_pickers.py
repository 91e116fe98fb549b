"""A member has one picker from a board: the newest."""

from typing import cast

import discord

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


async def test_each_member_has_a_picker_and_a_sent_one_stays() -> None:
    pickers = OpenPickers()
    first, other = Press(1), Press(2, member_id=12)
    await show(pickers, first, other)

    assert pickers.leave_alone(MEMBER, 1)
    assert await show(pickers, Press(3)) == [False]
    assert (first.is_gone, other.is_gone) == (False, False)


async def test_a_picker_from_which_a_gift_was_sent_before_it_was_known_to_be_shown_stays() -> None:
    pickers = OpenPickers()
    older, receipt = Press(1), Press(2)
    await show(pickers, older)
    pickers.leave_alone(MEMBER, 2)

    assert await show(pickers, receipt, Press(3)) == [False, False]
    assert older.is_gone


async def test_a_sent_one_stays_however_many_gifts_were_sent_since() -> None:
    pickers = OpenPickers()
    receipt = Press(1)
    await show(pickers, receipt)
    for press_id in (1, *range(100, 100 + MOST + 1)):
        pickers.leave_alone(MEMBER, press_id)

    await show(pickers, Press(2), Press(3))

    assert not receipt.is_gone


async def test_a_gift_from_a_picker_that_is_gone_hears_that_it_is() -> None:
    pickers = OpenPickers()
    await show(pickers, Press(1), Press(2))

    assert not pickers.leave_alone(MEMBER, 1)
    assert pickers.leave_alone(MEMBER, 2)


async def test_a_picker_that_is_too_old_to_be_taken_away_is_still_there() -> None:
    pickers = OpenPickers()
    await show(pickers, Press(1, young=False), Press(2))

    assert pickers.leave_alone(MEMBER, 1)
