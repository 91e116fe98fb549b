"""Notices: what others have done for a member, who reads of it below their next reply."""

from enum import StrEnum
from typing import NamedTuple

from bot.domain.chip_ins import ChipIn
from bot.domain.freezes import Freeze
from bot.domain.payouts import Payout
from bot.domain.receipts import Receipt
from bot.domain.shares import ShareChange


class NoticeKind(StrEnum):
    """What a notice is about. The values are stored."""

    GRANT = "grant"
    CREATOR = "creator"
    APPLICATION = "application"
    SHARE = "share"
    PAYOUT = "payout"
    DECLINE = "decline"
    LEVEL = "level"
    CLUB = "club"
    WEEK = "week"
    EARNINGS = "earnings"
    PERK = "perk"
    TICKET = "ticket"
    FREEZE = "freeze"
    STAFF_CREATOR = "staff_creator"
    CHIP = "chip"


FREED = 1
"""The number of a notice about a freeze that is over; 0 for one that stands."""


class GrantNotice(NamedTuple):
    """Staff gave the member coins."""

    receipt: Receipt


class CreatorNotice(NamedTuple):
    """`approved_by` made the member a creator."""

    approved_by: int


class ApplicationNotice(NamedTuple):
    """Staff declined the member's application, for a `reason` or "". The next one may come from `again_ms` on."""

    reason: str
    again_ms: int


class ShareNotice(NamedTuple):
    """Staff changed what creators earn."""

    change: ShareChange


class PayoutNotice(NamedTuple):
    """The payout that the member asked for was approved, paid or rejected. `end` is the receipt of the latter two."""

    payout: Payout
    end: Receipt | None


class DeclineNotice(NamedTuple):
    """The member's gift, of the receipt `gift`, was declined, by staff or by its creator. `receipt` gave it back."""

    receipt: Receipt
    gift: Receipt


class LevelNotice(NamedTuple):
    """The member has reached a level."""

    level: int


class ClubNotice(NamedTuple):
    """The member has joined the fan club of a creator, or their membership there pauses."""

    creator_id: int
    is_paused: bool


class WeekNotice(NamedTuple):
    """The member's recap of a week, by its number, could not be sent to them."""

    week: int


class NoticedGift(NamedTuple):
    """A gift without its sender: what it was, and when it was sent."""

    name: str
    emoji: str
    sent_ms: int


class EarningsNotice(NamedTuple):
    """Purchases that had paid for gifts to the member were refunded, which took held diamonds or returned them.

    `gifts` are what the purchases had paid for, without senders. There are none if one of them was anonymous: all came
    from the same sender, who may be known from the others.
    """

    diamonds: int
    is_back: bool
    gifts: tuple[NoticedGift, ...] = ()


class PerkNotice(NamedTuple):
    """The member has their coins back for a perk, with `receipt`.

    Or a payment that had taken perks stands again: then it is the receipt of one that is theirs again, or of the coins
    that they have instead.
    """

    receipt: Receipt


class ChipNotice(NamedTuple):
    """The member got back `coins` that they had chipped in; `payoff` of these paid off what they owed."""

    chip_in: ChipIn
    coins: int
    payoff: int
    is_test: bool


class TicketNotice(NamedTuple):
    """A shout-out that the member had unlocked `is_done`, by `other_id`, 0 for the guild's staff.

    Otherwise the member is a creator, and `other_id` asks for one, 0 for a member who was erased.
    """

    name: str
    emoji: str
    other_id: int
    is_done: bool


class FreezeNotice(NamedTuple):
    """Staff have frozen the member, who still is."""

    freeze: Freeze


class FreedNotice(NamedTuple):
    """The member was frozen, and is not any more."""


class StaffCreatorNotice(NamedTuple):
    """The member is a creator and on the staff, so rules about money concern them. They are told once."""


Notice = (
    GrantNotice
    | CreatorNotice
    | ApplicationNotice
    | ShareNotice
    | PayoutNotice
    | DeclineNotice
    | LevelNotice
    | ClubNotice
    | WeekNotice
    | EarningsNotice
    | PerkNotice
    | ChipNotice
    | TicketNotice
    | FreezeNotice
    | FreedNotice
    | StaffCreatorNotice
)
