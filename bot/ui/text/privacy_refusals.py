"""Refusals that protect a member's privacy, or refuse to delete their data."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain.erasures import DataInUse, Obstacle
from bot.domain.errors import Refusal
from bot.domain.member_choices import HiddenMember
from bot.ui.text.reader import N_, Reader

_OBSTACLES: Final[Mapping[Obstacle, str]] = {
    Obstacle.LIVE: N_("You're live, so your data is still needed. End your live event with `/live end` first."),
    Obstacle.DEBT: N_("You still owe coins, so your data has to stay. `/balance` shows how much. `/buy` pays it off."),
    Obstacle.PURCHASE: N_(
        "A purchase of yours may still be paid, so your data has to stay. Try again in an hour, or tomorrow if you "
        "paid by bank transfer."
    ),
    Obstacle.CASE: N_(
        "The staff or a bank have yet to decide about one of your payments, so your data has to stay until then."
    ),
    Obstacle.CHEST: N_("Your chest is still open, so your data has to stay. Try again once it's closed."),
    Obstacle.CHIP_IN: N_("You've chipped in for a gift. Take your coins back there, or wait until it's over."),
    Obstacle.PAYOUT: N_("Your payout is still open, so your data has to stay. Try again once you've been paid."),
}

PRIVACY: Mapping[type[Refusal], Callable[[Any, Reader], str]] = {
    HiddenMember: lambda e, r: r._(
        "<@{member}> doesn't want to be shown here. Pick somebody else.", member=e.member_id
    ),
    DataInUse: lambda e, r: r._(_OBSTACLES[e.obstacle]),
}
