"""Why a payout is refused."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain import payout_errors as payouts
from bot.domain.errors import Refusal
from bot.domain.payouts import PayoutState
from bot.ui.text.reader import N_, Reader

_DECIDED: Final[Mapping[PayoutState, str]] = {
    PayoutState.REQUESTED: N_("This payout is still waiting. Open it again to see where it stands."),
    PayoutState.APPROVED: N_("This payout is already approved. Open it again to see where it stands."),
    PayoutState.PAID: N_("This payout is already paid. Open it again to see where it stands."),
    PayoutState.REJECTED: N_("This payout is already rejected. Open it again to see where it stands."),
}


def _in_debt(e: payouts.PayoutInDebt, r: Reader) -> str:
    if e.is_own:
        return r._(
            "You owe {coins}, so you can't request a payout yet. New gifts, or coins from `/buy`, pay that off.",
            coins=r.coins(e.debt),
        )
    return r._(
        "The creator now owes {coins}. Reject this payout to pay that off first. They can request the rest again.",
        coins=r.coins(e.debt),
    )


def _too_small(e: payouts.PayoutTooSmall, r: Reader) -> str:
    facts = {"minimum": r.diamonds(e.minimum), "available": r.diamonds(e.available)}
    if e.available < e.minimum and not e.held:
        return r._(
            "Payouts start at {minimum}. You have {available} available. `/creator earnings` shows what you've earned"
            " so far.",
            **facts,
        )
    if e.available < e.minimum:
        return r._(
            "Payouts start at {minimum}. You have {available} available. `/creator earnings` shows what is still held,"
            " and why.",
            **facts,
        )
    return r._("Payouts start at {minimum}. You have {available} available, so ask for at least that much.", **facts)


PAYOUTS: Final[Mapping[type[Refusal], Callable[[Any, Reader], str]]] = {
    payouts.PayoutOpen: lambda e, r: r._(
        "You've already asked for a payout: #{number}. See it with `/creator payout`.", number=e.payout_id
    ),
    payouts.PayoutTooSmall: _too_small,
    payouts.PayoutTooLarge: lambda e, r: r._(
        "You have {available} available. Enter at most that much.", available=r.diamonds(e.available)
    ),
    payouts.EarningsUncounted: lambda e, r: r._(
        "I'm still counting gifts, so I don't know yet what's available. Please try again later."
    ),
    payouts.PayoutInDebt: _in_debt,
    payouts.PayoutNeedsAnother: lambda e, r: r._(
        "You approved this payout, so somebody else has to record the payment."
    ),
    payouts.PayoutUnapproved: lambda e, r: r._("Nobody has approved this payout yet. Approve it first."),
    payouts.PayoutSending: lambda e, r: r._(
        "A transfer for this payout is on its way, and I don't know yet whether it arrived. I keep asking."
    ),
    payouts.TransfersOff: lambda e, r: r._(
        "This server doesn't pay through Stripe. Someone with Manage Server can change that."
    ),
    payouts.PayeeNotReady: lambda e, r: r._(
        "The creator can't receive money through Stripe yet. They have to press **Get paid through Stripe** in "
        "`/creator payout` first."
    ),
    payouts.TransferChanged: lambda e, r: r._(
        "The amount has changed: it would be {money} now. Open the payout again.",
        money=r.money(e.amount_minor, e.currency),
    ),
    payouts.TransferTooSmall: lambda e, r: r._(
        "That's less than the smallest amount that can be sent. Pay it another way, and record the payment."
    ),
    payouts.PayoutDecided: lambda e, r: r._(_DECIDED[PayoutState(e.state)]),
}
