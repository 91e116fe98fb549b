"""What a case shows about freezes: who is frozen because of it, and whom its reader can freeze."""

from bot.domain import policy
from bot.domain.freezes import CaseRef
from bot.services.freezes import CaseFreezes
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Part
from bot.ui.looks.freezes import MOST_PARTS, freezable_part, frozen_part, ids_of, pick_part
from bot.ui.text.reader import Reader
from cogs.cases.handled import DECIDE

MOST_NAMES = 25
"""Members whom a menu can list."""


async def freeze_parts(caller: Caller, case: CaseRef) -> list[Part]:
    """Return the parts about freezes: none to those whom the case names."""
    freezes = await caller.services.freezes.of_case(caller.guild_id, case)
    may_decide = (await caller.actor()).may(policy.POLICY[DECIDE])
    free = [member_id for member_id in freezes.named if member_id not in freezes.frozen][:MOST_NAMES]
    names: dict[int, str] = {}
    if may_decide and freezes.is_open and len(free) > 1:
        profiles = await caller.membership.profiles(caller.guild_id, free)
        names = {member_id: profile.name or str(member_id) for member_id, profile in profiles.items()}
    return parts_of(freezes, free, names, caller.member_id, caller.reader, may_decide=may_decide)


def parts_of(
    freezes: CaseFreezes, free: list[int], names: dict[int, str], viewer: int, reader: Reader, *, may_decide: bool
) -> list[Part]:
    """Return the parts for these members: those who are frozen, and who are `free`, with their `names` if several."""
    case = freezes.case
    if viewer in freezes.named:
        return []
    parts = [
        frozen_part(member_id, freeze, reader, ids_of(viewer, case, member_id) if may_decide else None)
        for member_id, freeze in list(freezes.frozen.items())[:MOST_PARTS]
    ]
    if not (may_decide and freezes.is_open and free):
        return parts
    if len(free) == 1:
        return [*parts, freezable_part(free[0], ids_of(viewer, case, free[0]), reader)]
    return [*parts, pick_part(case, viewer, names, reader)]
