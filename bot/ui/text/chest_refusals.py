"""Why coins were not shared out, or no share was taken."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import chest_errors as chests
from bot.domain.chests import FEWEST_SHARES
from bot.domain.errors import Refusal
from bot.ui.text.reader import Reader


def _not_a_sponsor(e: chests.NotASponsor, r: Reader) -> str:
    if e.role_id:
        return r._("You need the role {role} to share coins out here.", role=f"<@&{e.role_id}>")
    return r._("Only the staff can share coins out here so far. They can allow a role to do it, too.")


def _not_enough_promo(e: chests.NotEnoughPromo, r: Reader) -> str:
    coins = {"needed": r.coins(e.needed), "promo": r.coins(e.promo)}
    if e.promo < FEWEST_SHARES:
        return r._("A chest takes promo coins only. You need {needed}, and your promo coins come to {promo}.", **coins)
    return r._(
        "A chest takes promo coins only. You need {needed}, and your promo coins come to {promo}. Choose a smaller "
        "amount.",
        **coins,
    )


CHESTS: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    chests.NotASponsor: _not_a_sponsor,
    chests.TooFewForShares: lambda e, r: r._(
        "A chest has at least two shares with at least one coin each. Enter {coins} or more.",
        coins=r.number(e.lowest),
    ),
    chests.NotEnoughPromo: _not_enough_promo,
    chests.ChestRuns: lambda e, r: r._(
        "You already have a chest in <#{channel}>. It ends {when}. Open the next one after that.",
        channel=e.channel_id,
        when=r.when(e.until_ms),
    ),
    chests.ChestOver: lambda e, r: r._("This chest is closed. What was left went back to its sponsor."),
    chests.ChestEmpty: lambda e, r: r._("This chest is empty: others were faster."),
    chests.OwnChest: lambda e, r: r._("This chest is yours, so its shares are for others."),
    chests.BlockedByCreator: lambda e, r: r._("You can't take a share of this chest. Its sponsor has blocked you."),
    chests.TooYoungForChest: lambda e, r: r.n_(
        "Your Discord account has to be at least {n} day old for this. You can take a share {when}.",
        "Your Discord account has to be at least {n} days old for this. You can take a share {when}.",
        e.days,
        when=r.when(e.allowed_ms),
    ),
    chests.TooNewForChest: lambda e, r: r.n_(
        "This is for members who have been here for at least {n} hour. You'll be one of them {when}.",
        "This is for members who have been here for at least {n} hours. You'll be one of them {when}.",
        e.hours,
        when=r.when(e.allowed_ms),
    ),
}
