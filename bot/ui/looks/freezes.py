"""What freezes look like to staff: who is frozen and why, with the buttons that freeze and unfreeze.

Cases and the lookup show the buttons, and the family `cases` answers them.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import discord

from bot.domain.freezes import CaseRef, CaseType, Freeze
from bot.ui.kit import custom_id
from bot.ui.kit.cards import Part
from bot.ui.kit.components import Button, Menu, Option
from bot.ui.kit.numbers import Numbers
from bot.ui.text import mentions
from bot.ui.text.freezes import case_name
from bot.ui.text.reader import Reader

FROZEN: Final = "🧊"

FREEZE, UNFREEZE, PICK_FROZEN = "freeze", "unfreeze", "freeze-pick"
"""Actions of the controls: each opens a form."""

CASE_TYPES: Numbers[CaseType] = Numbers({0: CaseType.PAYMENT, 1: CaseType.FLAG})

MOST_PARTS: Final = 5
"""Frozen members whom a case shows one by one."""


class FreezeIds(NamedTuple):
    """A `member` and a case, its type a number in CASE_TYPES, on the panel of `owner`.

    `is_apart` is 1 where the answer is a message of its own, instead of the case.
    """

    owner: int
    type: int
    number: int
    member: int
    is_apart: int = 0

    @property
    def case(self) -> CaseRef:
        """The case."""
        return CaseRef(CASE_TYPES.thing(self.type), self.number)


class PickIds(NamedTuple):
    """A case, its type a number in CASE_TYPES, on the panel of `owner`."""

    owner: int
    type: int
    number: int


def ids_of(owner: int, case: CaseRef, member_id: int, *, is_apart: bool = False) -> FreezeIds:
    """Return what the buttons about a member and a case carry."""
    return FreezeIds(owner, CASE_TYPES.of(case.type), case.number, member_id, int(is_apart))


def frozen_part(member_id: int, freeze: Freeze, reader: Reader, ids: FreezeIds | None) -> Part:
    """Return that a member is frozen, since when and why. With `ids`, a button ends it."""
    facts = {
        "member": mentions.member(member_id, reader),
        "staff": mentions.member(freeze.by, reader),
        "case": case_name(freeze.case.type.value, freeze.case.number, reader),
        "when": reader.when(freeze.since_ms),
    }
    text = reader._("{staff} froze {member} {when} because of {case}.", **facts)
    button = ids and Button(reader._("Unfreeze"), custom_id.build(UNFREEZE, ids))
    return Part(f"{text}\n{mentions.quoted(freeze.reason)}", f"{FROZEN} " + reader._("Frozen"), button=button)


def freezable_part(member_id: int, ids: FreezeIds, reader: Reader) -> Part:
    """Return that a member can be frozen because of an open case, with the button that does it."""
    facts = {
        "member": mentions.member(member_id, reader),
        "case": case_name(ids.case.type.value, ids.number, reader),
    }
    text = reader._("You can freeze {member} until {case} is decided.", **facts)
    button = Button(reader._("Freeze"), custom_id.build(FREEZE, ids), discord.ButtonStyle.danger, FROZEN)
    return Part(f"{text}\n{_effect(reader)}", button=button)


def pick_part(case: CaseRef, owner: int, names: Mapping[int, str], reader: Reader) -> Part:
    """Return that one of several members, known by their `names`, can be frozen, with the menu that picks one."""
    text = reader._("You can freeze somebody it names until it is decided.")
    options: Sequence[Option] = [Option(name, member_id, emoji=FROZEN) for member_id, name in names.items()]
    ids = PickIds(owner, CASE_TYPES.of(case.type), case.number)
    menu = Menu(custom_id.build(PICK_FROZEN, ids), reader._("Freeze a member"), options=options)
    return Part(f"{text}\n{_effect(reader)}", menu=menu)


def _effect(reader: Reader) -> str:
    return "-# " + reader._("Whoever is frozen can't buy coins, send gifts or be paid. They're told why.")
