"""Notices: what others have done for a member, who reads of it below their next reply."""

from enum import StrEnum
from typing import NamedTuple

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


Notice = GrantNotice | CreatorNotice | ApplicationNotice | ShareNotice | PayoutNotice | DeclineNotice
