"""Freezes: while a case is open, a member whom it names may be kept from buying, from gifting, and from being paid.

A freeze hangs on one case, and ends with it. A member is frozen as long as one freeze stands. Earlier payments are
credited all the same, a frozen creator can still receive gifts, and members keep what they have.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.errors import Refusal


class CaseType(StrEnum):
    """What a freeze can hang on. The values are stored."""

    PAYMENT = "payment"
    """A case about a payment."""
    FLAG = "flag"
    """A flag."""


class CaseRef(NamedTuple):
    """One case of a guild: each type is numbered from 1."""

    type: CaseType
    number: int


class Freeze(NamedTuple):
    """Somebody is frozen because of a case, for a `reason` that they read. `by` is who did it.

    `by` is a holder where the books are decided, and a member id, 0 for one who was erased, where people read it.
    """

    case: CaseRef
    reason: str
    since_ms: int
    by: int


@dataclass(unsafe_hash=True)
class MemberFrozen(Refusal):
    """The member is frozen while staff look into case `number` of type `case_type`, for a `reason`."""

    case_type: str
    number: int
    reason: str


@dataclass(unsafe_hash=True)
class CreatorFrozen(Refusal):
    """Staff want to pay a creator who is frozen because of case `number` of type `case_type`."""

    case_type: str
    number: int


@dataclass(unsafe_hash=True)
class OwnFreeze(Refusal, about="settings"):
    """Somebody on the staff wants to freeze or unfreeze themselves."""


@dataclass(unsafe_hash=True)
class NotInCase(Refusal, about="settings"):
    """The member who was to be frozen is not named by the case."""

    member_id: int


@dataclass(unsafe_hash=True)
class NoFreeze(Refusal, about="settings"):
    """The member is not, or no longer, frozen because of this case."""

    member_id: int


def check_frozen(freezes: Sequence[Freeze]) -> None:
    """Raise MemberFrozen if somebody who wants to buy, to gift or to be paid has one of these."""
    if freezes:
        newest = _newest(freezes)
        raise MemberFrozen(newest.case.type.value, newest.case.number, newest.reason)


def check_creator_frozen(freezes: Sequence[Freeze]) -> None:
    """Raise CreatorFrozen if a creator whom staff want to pay has one of these."""
    if freezes:
        case = _newest(freezes).case
        raise CreatorFrozen(case.type.value, case.number)


def check_freezing(member_id: int, by: int, named: Collection[int]) -> None:
    """Raise OwnFreeze, or NotInCase if the case, which names the members `named`, is not about the member."""
    if member_id == by:
        raise OwnFreeze
    if member_id not in named:
        raise NotInCase(member_id)


def check_unfreezing(member_id: int, by: int) -> None:
    """Raise OwnFreeze if somebody wants to unfreeze themselves."""
    if member_id == by:
        raise OwnFreeze


def _newest(freezes: Sequence[Freeze]) -> Freeze:
    return max(freezes, key=lambda freeze: (freeze.since_ms, freeze.case))
