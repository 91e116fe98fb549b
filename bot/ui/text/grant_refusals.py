"""Refusals of grants, and of taking coins back, in the reader's words."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import grant_errors as grants
from bot.domain import reversal_errors as reversals
from bot.domain.errors import Refusal
from bot.ui.text.mentions import member
from bot.ui.text.reader import Reader


def _daily_limit(e: grants.DailyGrantLimit, r: Reader) -> str:
    limit = r._("One manager can grant {highest} a day here.", highest=r.coins(e.highest))
    room = r._("For today, you have {room} left.", room=r.coins(e.room)) if e.room else ""
    more = r._("You can grant more {when}.", when=r.when(e.again_ms))
    return " ".join(filter(None, (limit, room, more)))


GRANTING: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    grants.GrantTooLarge: lambda e, r: r._(
        "One grant can be {highest} at most here. Members with Manage Server can change that in `/settings`.",
        highest=r.coins(e.highest),
    ),
    grants.DailyGrantLimit: _daily_limit,
    grants.NeedsSecondPerson: lambda e, r: r._(
        "You can't confirm a grant to yourself. Ask another manager to press the button."
    ),
    grants.RequestOver: lambda e, r: r._(
        "This request has been declined, or it has lapsed. A new one can be made with `/coins grant`."
    ),
    grants.ForeignReceipt: lambda e, r: r._(
        "Receipt #{number} isn't a gift or a purchase of {member}. Check its number.",
        number=e.seq,
        member=member(e.member_id, r),
    ),
    reversals.AlreadyReversed: lambda e, r: r._(
        "Receipt #{number} has already been reversed. There's nothing left to take back.", number=e.seq
    ),
    reversals.NotReversible: lambda e, r: r._(
        "A reversal can't be reversed. Send the gift or grant the coins again instead."
    ),
    reversals.HouseShort: lambda e, r: r._(
        "Other reversals have used up the server's share of this gift: {needed} needed, {balance} left. Take back a "
        "smaller part, or try again after new gifts.",
        needed=r.coins(e.needed),
        balance=r.coins(e.balance),
    ),
}
"""Why no coins were granted, or taken back."""
