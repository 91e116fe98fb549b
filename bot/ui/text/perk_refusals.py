"""Why a member does not get a perk, and what staff have left out of one."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain import perk_errors as perks
from bot.domain.catalogue import Tier
from bot.domain.errors import Refusal
from bot.domain.text import shown
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader
from bot.ui.text.tiers import FROM_TIER

_LACKS: Final = {
    "role": N_("Pick the role that members get, with the option `role`."),
    "channel": N_("Pick the channel with `channel`, and with `role` the role that can see it."),
    "text": N_("Write what members get to read, with the option `text`."),
    "file": N_("Add what members get, with the option `file`."),
    "creator": N_("A perk for a fan club belongs to a creator. Pick one with the option `creator`."),
    "way": N_("Choose how members get it: fill in `price`, `tier`, `level` or `club`."),
    "stock": N_("To fill it up again and again, say with `stock` how many there are."),
}


def _sold_out(e: perks.PerkSoldOut, r: Reader) -> str:
    if not e.restock_ms:
        return r._("{perk} is sold out. Pick another one in `/perks`.", perk=_name(e.name))
    return r._("{perk} is sold out. More will be here {when}.", perk=_name(e.name), when=r.when(e.restock_ms))


def _needs_tier(e: perks.NeedsTier, r: Reader) -> str:
    gifts = r._(FROM_TIER[Tier.numbered(e.tier) or Tier.SMALL])
    if not e.creator_id:
        return r._(
            "To unlock this, send a gift under your own name. What counts: {gifts}. Each gift counts once.", gifts=gifts
        )
    return r._(
        "To unlock this, send {creator} a gift under your own name. What counts: {gifts}. Each gift counts once.",
        creator=mentions.member(e.creator_id, r),
        gifts=gifts,
    )


def _name(name: str) -> str:
    return f"**{shown(name)}**"


PERKS: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    perks.PerkSoldOut: _sold_out,
    perks.PerkOwned: lambda e, r: r._("You already have {perk}. You'll find it under *My perks*.", perk=_name(e.name)),
    perks.PerkLimit: lambda e, r: r.n_(
        "Everyone can have {perk} only {n} time.",
        "Everyone can have {perk} only {n} times.",
        e.times,
        perk=_name(e.name),
    ),
    perks.OwnPerk: lambda e, r: r._("This perk is your own, so you can't unlock it yourself."),
    perks.NeedsTier: _needs_tier,
    perks.NeedsLevel: lambda e, r: r._(
        "You get this from level {level} on, and you're at level {current}. See `/profile`.",
        level=r.number(e.level),
        current=r.number(e.current),
    ),
    perks.NeedsClub: lambda e, r: r._(
        "This is for the fan club of {creator}. Is your place there on pause? A gift under your name or a *Hop on* "
        "brings you back.",
        creator=mentions.member(e.creator_id, r),
    ),
    perks.TicketMoved: lambda e, r: r._("Someone has changed this shout-out already. Open the queue again."),
    perks.PerkFileRefused: lambda e, r: (
        r._("This file is too large. Upload one of up to {n} MB.", n=r.number(e.most // 1024**2))
        if e.most
        else r._("I couldn't fetch this file. Please upload it again.")
    ),
    perks.PerkIncomplete: lambda e, r: r._(_LACKS[e.lacks]),
}
"""The sentences of these refusals."""
