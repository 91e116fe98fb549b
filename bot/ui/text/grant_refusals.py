"""Refusals of grants, and of taking coins back, in the reader's words."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import grant_errors as grants
from bot.domain import offer_errors as offers
from bot.domain import reversal_errors as reversals
from bot.domain.errors import Refusal
from bot.domain.grant_files import MOST_ROWS
from bot.domain.text import shown
from bot.ui.text.chest_refusals import CHESTS
from bot.ui.text.mentions import member
from bot.ui.text.reader import Reader


def _daily_limit(e: grants.DailyGrantLimit, r: Reader) -> str:
    limit = r._("One manager can grant {highest} a day here.", highest=r.coins(e.highest))
    room = r._("For today, you have {room} left.", room=r.coins(e.room)) if e.room else ""
    more = r._("You can grant more {when}.", when=r.when(e.again_ms))
    return " ".join(filter(None, (limit, room, more)))


def _not_reversible(e: reversals.NotReversible, r: Reader) -> str:
    if e.kind == "grants":
        return r._("This receipt is a grant to many members. Take it back with `/coins undo`.")
    if e.kind == "perk":
        return r._("This receipt is for a perk. Take it back with `/perk return`.")
    return r._("A reversal can't be reversed. Send the gift or grant the coins again instead.")


def _unreadable_file(e: grants.UnreadableFile, r: Reader) -> str:
    match e.why:
        case "bytes":
            return r._("That file is larger than 2 MB. Split it into several files.")
        case "rows":
            return r.n_(
                "That file has more than {n} row. Split it into several files.",
                "That file has more than {n} rows. Split it into several files.",
                MOST_ROWS,
            )
        case "empty":
            return r._("That file has no rows. Add one for each member, and upload it again.")
        case "columns":
            return r._(
                "I can't tell which columns have the members and the amounts. Name them with `member_column` and "
                "`amount_column`, or use `amount` to give everyone the same."
            )
        case "unfetched":
            return r._("I couldn't load that file from Discord. Please try again.")
        case _:
            return r._("That isn't a CSV file. Save it as CSV in your spreadsheet and try again.")


def _unclear_receivers(e: grants.UnclearReceivers, r: Reader) -> str:
    match e.why:
        case "both":
            return r._("Use either a CSV file or a live event, not both.")
        case "amount":
            return r._("Use `amount` to say how many coins each attendee gets.")
        case "options":
            return r._("With a live event, everybody gets `amount`. `ratio`, `most` and the columns are for CSV files.")
        case _:
            return r._("Add a CSV file with `file`, or pick a live event with `live`.")


GRANTING: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    **CHESTS,
    grants.GrantTooLarge: lambda e, r: r._(
        "A single grant can be at most {highest} here. The owner of this server can change that in `/settings`.",
        highest=r.coins(e.highest),
    ),
    grants.DailyGrantLimit: _daily_limit,
    grants.NeedsSecondPerson: lambda e, r: r._(
        "You can't confirm a grant to yourself. Someone else on your staff has to press the button."
    ),
    grants.RequestOver: lambda e, r: r._(
        "This request has been declined, or it has expired. A new one can be made with `/coins grant`."
    ),
    grants.UnreadableFile: _unreadable_file,
    grants.UnclearReceivers: _unclear_receivers,
    grants.NoReason: lambda e, r: r._("Use `reason` to say why they get coins."),
    grants.InvalidRatio: lambda e, r: r._(
        "“{given}” isn't a ratio. Write old coins and new ones, like 10:1.", given=shown(e.text)
    ),
    grants.BatchOver: lambda e, r: r._("I no longer have this list. Use `/coins grant-many` again."),
    offers.UnknownCode: lambda e, r: r._("I don't know that code. Check it and try again."),
    offers.TooManyGuesses: lambda e, r: r._(
        "You've tried too many wrong codes. You can try again {when}.", when=r.when(e.again_ms)
    ),
    offers.OfferOver: lambda e, r: r._("This offer is over. The staff can make a new one."),
    offers.OfferUsedUp: lambda e, r: r._("This offer is used up: others were faster. The staff can make a new one."),
    offers.OfferPaused: lambda e, r: r._(
        "No more can be claimed for today. Try again {when}.", when=r.when(e.again_ms)
    ),
    offers.OwnOffer: lambda e, r: r._("You made this offer, so you can't claim it yourself."),
    offers.TooYoungForOffer: lambda e, r: r.n_(
        "Your Discord account has to be at least {n} day old for this. You can claim it {when}.",
        "Your Discord account has to be at least {n} days old for this. You can claim it {when}.",
        e.days,
        when=r.when(e.allowed_ms),
    ),
    offers.NeedsRole: lambda e, r: r._(
        "This offer is for members with {role}. Claim it once you have that role.", role=f"<@&{e.role_id}>"
    ),
    offers.CodeTaken: lambda e, r: r._("Another offer has this code. Choose another one."),
    grants.ForeignReceipt: lambda e, r: r._(
        "Receipt #{number} isn't a gift or a purchase by {member}. Check its number.",
        number=e.seq,
        member=member(e.member_id, r),
    ),
    reversals.AlreadyReversed: lambda e, r: r._(
        "Receipt #{number} has already been reversed. There's nothing left to take back.", number=e.seq
    ),
    reversals.NotReversible: _not_reversible,
    reversals.DeclineOver: lambda e, r: r._(
        "This gift was sent more than a day ago, so it can't be declined any more. The staff can still take it back."
    ),
    reversals.HouseShort: lambda e, r: r._(
        "Other reversals have used up the server's share of this gift: {needed} needed, {balance} left. Take back a "
        "smaller part, or try again after new gifts.",
        needed=r.coins(e.needed),
        balance=r.coins(e.balance),
    ),
}
"""Why no coins were granted, or taken back."""
