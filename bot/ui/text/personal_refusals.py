"""Refusals whose sentence depends on the reader: members and staff can do different things about them."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import buying_errors as buying
from bot.domain import errors as no
from bot.domain import match_errors as match
from bot.domain.confirmation_errors import OwnPayment
from bot.domain.errors import Refusal
from bot.domain.ledger.fans import FansOnly
from bot.domain.payout_errors import OwnPayout
from bot.domain.perk_errors import PerkUnreachable
from bot.domain.policy import CREATOR, MANAGE_SERVER, OWNER, Actor, Staff
from bot.domain.staff_errors import OwnCase
from bot.domain.text import shown
from bot.ui.text.mentions import member
from bot.ui.text.reader import N_, Reader
from bot.ui.text.refusals import CannotWrite

_CALLERS = {
    "manager": N_("managers"),
    "host": N_("hosts"),
    "treasurer": N_("treasurers"),
    "auditor": N_("auditors"),
    "creator": N_("creators"),
}
"""Who may call a command, in the plural: "Only managers or auditors can do this."."""


def manages(actor: Actor) -> bool:
    """Whether the reader may manage creators, packages and settings."""
    return actor.may(frozenset({Staff.MANAGER}))


def _not_allowed(e: no.NotAllowed, r: Reader, actor: Actor) -> str:
    if not e.needs:
        return r._("This command isn't ready yet, so nobody can use it.")
    if MANAGE_SERVER in e.needs:
        return r._("Only members with Manage Server can change this. Ask one of them to do it.")
    if OWNER in e.needs:
        return r._("Only the owner of this server can do this.")
    rule = r._("Only {roles} can do this.", roles=r.either(r._(_CALLERS[need]) for need in e.needs))
    return f"{rule} {_way_in(e, r, actor)}"


def _way_in(e: no.NotAllowed, r: Reader, actor: Actor) -> str:
    if CREATOR in e.needs:
        if manages(actor):
            return r._("Staff become creators with `/creators approve`, if the owner of this server allows it.")
        return r._("Moderators decide who is a creator. Apply with `/creator apply`.")
    if actor.staff:
        return r._("Ask someone with Manage Server to give your role access in `/settings`.")
    return r._("If you're part of the team, ask someone with Manage Server for access.")


def _not_a_creator(e: no.NotACreator, r: Reader, actor: Actor) -> str:
    creator = member(e.member_id, r)
    if manages(actor):
        return r._(
            "{member} isn't a creator here, so they can't receive gifts. Approve them with `/creators approve`.",
            member=creator,
        )
    return r._("{member} isn't a creator here, so they can't receive gifts. Moderators decide who is.", member=creator)


def _cannot_go_live(e: no.CannotGoLive, r: Reader, actor: Actor) -> str:
    if e.member_id == actor.user_id:
        if manages(actor):
            return r._("You aren't a creator here yet. Approve yourself with `/creators approve` first.")
        return r._("You aren't a creator here yet. Apply with `/creator apply`, and the staff decide.")
    creator = member(e.member_id, r)
    if manages(actor):
        return r._("{member} isn't a creator here. Approve them with `/creators approve` first.", member=creator)
    return r._("{member} isn't a creator here. Moderators decide who is. Ask one to approve them.", member=creator)


def _matches_off(e: match.MatchesOff, r: Reader, actor: Actor) -> str:
    if manages(actor):
        return r._("Matches are off in this server. You can allow them in `/settings`, under Creators.")
    return r._("Matches are off in this server. Moderators decide whether there are any.")


def _already_live(e: no.AlreadyLive, r: Reader, actor: Actor) -> str:
    if e.creator_id == actor.user_id:
        return r._(
            "You're already live in <#{channel}>. End that live event first with `/live end`.", channel=e.channel_id
        )
    creator = member(e.creator_id, r)
    if actor.may(frozenset({Staff.HOST})):
        return r._(
            "{member} is already live in <#{channel}>. End that live event first with `/live end`.",
            member=creator,
            channel=e.channel_id,
        )
    return r._(
        "{member} is already live in <#{channel}>. They have to end that live event first.",
        member=creator,
        channel=e.channel_id,
    )


def _not_live(_e: no.NotLive, r: Reader, actor: Actor) -> str:
    if actor.is_creator:
        return r._("Nobody is live here right now. Go live with `/live start`.")
    if manages(actor):
        return r._("Nobody is live here right now. A creator can go live with `/live start`.")
    return r._("Nobody is live here right now. You can still send gifts with `/gift`.")


def _nothing_for_sale(e: buying.NothingForSale, r: Reader, actor: Actor) -> str:
    if e.has_provider:
        if manages(actor):
            return r._("There are no packages yet, so nobody can buy coins. Add one with `/packages add`.")
        return r._("There are no packages here yet, so you can't buy coins. Moderators decide what is sold.")
    if manages(actor):
        return r._("No payment method is set up, so nobody can buy coins. Ask whoever runs this bot to add one.")
    return r._("Coins aren't on sale here yet: no payment method is set up. Moderators can still give you some.")


def _cannot_write(e: CannotWrite, r: Reader, actor: Actor) -> str:
    if manages(actor):
        return r._(
            "I can't post in <#{channel}>. Let me view it and send messages there, then try again.",
            channel=e.channel_id,
        )
    return r._(
        "I can't post in <#{channel}>. Ask a moderator to let me view it and send messages there.",
        channel=e.channel_id,
    )


def _fans_only(e: FansOnly, r: Reader, actor: Actor) -> str:
    text = r._("Only the fan club of <@{creator}> can send {gift}.", creator=e.creator_id, gift=shown(e.name))
    if e.way_in:
        return f"{text} " + r._("To join, send them {gift} under your own name.", gift=shown(e.way_in))
    if manages(actor):
        return f"{text} " + r._("No gift here joins it right now. Choose one with `/catalogue edit`.")
    return f"{text} " + r._("No gift here joins it right now.")


def _perk_unreachable(e: PerkUnreachable, r: Reader, actor: Actor) -> str:
    perk = f"**{shown(e.name)}**"
    if manages(actor):
        return r._("I can't hand out {perk} right now. *Level roles* in `/settings` shows what I need.", perk=perk)
    return r._("I can't hand out {perk} right now. Please tell the staff.", perk=perk)


def own_case(r: Reader, actor: Actor) -> str:
    """Return why a buyer decides nothing about their own payment, and who can."""
    news = r._("This is about your own payment, so another treasurer has to decide.")
    return f"{news} {_other_treasurer(r, actor)}"


def own_payment(r: Reader, actor: Actor) -> str:
    """Return why a buyer does not confirm their own payment, and who can."""
    news = r._("This is your own payment, so another treasurer has to confirm it.")
    return f"{news} {_other_treasurer(r, actor)}"


def _own_payout(_e: OwnPayout, r: Reader, actor: Actor) -> str:
    news = r._("This is your own payout, so another treasurer has to take care of it.")
    return f"{news} {_other_treasurer(r, actor)}"


def _other_treasurer(r: Reader, actor: Actor) -> str:
    """Return what to do where there is no other treasurer. Whoever has Manage Server may do all that treasurers may."""
    if actor.manages_guild:
        return r._("If you're the only one, make somebody a treasurer in `/settings`, under *Staff roles*.")
    return r._("If you're the only one, ask someone with Manage Server. They can do it, too.")


PERSONAL: Mapping[type[Refusal], Callable[[Any, Reader, Actor], str]] = {
    no.NotAllowed: _not_allowed,
    no.NotACreator: _not_a_creator,
    no.CannotGoLive: _cannot_go_live,
    no.AlreadyLive: _already_live,
    no.NotLive: _not_live,
    match.MatchesOff: _matches_off,
    buying.NothingForSale: _nothing_for_sale,
    OwnCase: lambda _e, r, actor: own_case(r, actor),
    OwnPayment: lambda _e, r, actor: own_payment(r, actor),
    OwnPayout: _own_payout,
    CannotWrite: _cannot_write,
    FansOnly: _fans_only,
    PerkUnreachable: _perk_unreachable,
}
