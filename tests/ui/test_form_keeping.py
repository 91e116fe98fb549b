"""Refused forms are kept for a while: one for each member, and not too many in all."""

from discord import ui

from bot.ui.kit.refused_forms import MOST, RefusedForms

MIA, LEO = 11, 12


async def test_each_member_has_the_last_form_that_was_refused() -> None:
    forms, first, second, other = RefusedForms(), *(ui.Modal(title="Wish") for _ in range(3))
    forms.keep(MIA, 1, first)
    forms.keep(LEO, 2, other)
    forms.keep(MIA, 3, second)

    assert forms.find(MIA, 3) is second
    assert forms.find(LEO, 2) is other
    assert forms.find(MIA, 1) is None
    assert forms.find(LEO, 3) is None


async def test_a_form_that_was_accepted_or_is_too_old_is_forgotten() -> None:
    forms, form = RefusedForms(), ui.Modal(title="Wish")
    forms.keep(MIA, 1, form)
    form.stop()

    assert forms.find(MIA, 1) is None


async def test_the_oldest_form_makes_room_for_a_new_one_unless_others_have_ended() -> None:
    forms, modals = RefusedForms(), [ui.Modal(title="Wish") for _ in range(MOST + 2)]
    for number, modal in enumerate(modals[:MOST]):
        forms.keep(number, number, modal)
    modals[5].stop()
    forms.keep(MOST, MOST, modals[MOST])
    has_room = forms.find(0, 0)
    forms.keep(MOST + 1, MOST + 1, modals[MOST + 1])

    assert has_room is modals[0]
    assert forms.find(0, 0) is None
    assert forms.find(1, 1) is modals[1]
    assert forms.find(MOST + 1, MOST + 1) is modals[MOST + 1]
