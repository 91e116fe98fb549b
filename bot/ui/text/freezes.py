"""Texts about freezes: what is closed to a member and why, and why staff cannot freeze somebody."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain import freezes
from bot.domain.errors import Refusal
from bot.domain.freezes import CaseType
from bot.domain.text import shown
from bot.ui.text.reader import Reader


def case_name(case_type: str, number: int, reader: Reader) -> str:
    """Return the name of a case within a sentence."""
    if case_type == CaseType.FLAG.value:
        return reader._("flag #{number}", number=number)
    return reader._("case #{number}", number=number)


def closed(case_type: str, number: int, reason: str, reader: Reader) -> str:
    """Return what is closed to a frozen member, why, and whom to ask."""
    case = case_name(case_type, number, reader)
    news = reader._("You can't buy coins, send gifts or request payouts while the staff look into {case}.", case=case)
    why = reader._("They say: “{reason}”", reason=shown(reason))
    return f"{news} {why} " + reader._("Talk to them if you have questions.")


def _creator_frozen(e: freezes.CreatorFrozen, r: Reader) -> str:
    return r._(
        "This creator is frozen because of {case}, so nothing can be paid out. Decide about that in `/cases` first.",
        case=case_name(e.case_type, e.number, r),
    )


FREEZING: Final[Mapping[type[Refusal], Callable[[Any, Reader], str]]] = {
    freezes.MemberFrozen: lambda e, r: closed(e.case_type, e.number, e.reason, r),
    freezes.CreatorFrozen: _creator_frozen,
    freezes.OwnFreeze: lambda e, r: r._(
        "You can't freeze or unfreeze yourself. Somebody else on the staff has to do that."
    ),
    freezes.NotInCase: lambda e, r: r._("This isn't about <@{member}>. Pick somebody it names.", member=e.member_id),
    freezes.NoFreeze: lambda e, r: r._(
        "<@{member}> isn't frozen because of this any more. `/cases` shows what's still open.", member=e.member_id
    ),
}
