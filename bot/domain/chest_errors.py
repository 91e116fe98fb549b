"""Reasons why coins are not shared out, or a share is not taken. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class NotASponsor(Refusal):
    """Members need the role `role_id` to share coins out; 0 if there is none, and only staff can."""

    role_id: int


@dataclass(unsafe_hash=True)
class TooFewForShares(Refusal):
    """A chest needs at least two shares, and as many coins: `lowest` of them."""

    lowest: int


@dataclass(unsafe_hash=True)
class NotEnoughPromo(Refusal):
    """A chest takes promo coins only: `needed` of them, while the member has `promo`."""

    needed: int
    promo: int


@dataclass(unsafe_hash=True)
class ChestRuns(Refusal):
    """The sponsor already has a chest in `channel_id`, until `until_ms`."""

    channel_id: int
    until_ms: int


@dataclass(unsafe_hash=True)
class ChestOver(Refusal):
    """The time of the chest is up, or it never existed."""


@dataclass(unsafe_hash=True)
class ChestEmpty(Refusal):
    """Every share was taken."""


@dataclass(unsafe_hash=True)
class OwnChest(Refusal):
    """Sponsors cannot take a share of their own chest."""


@dataclass(unsafe_hash=True)
class BlockedByCreator(Refusal):
    """The sponsor is a creator, who has blocked the member."""


@dataclass(unsafe_hash=True)
class TooYoungForChest(Refusal):
    """The member's Discord account is younger than `days`, and old enough at `allowed_ms`."""

    days: int
    allowed_ms: int


@dataclass(unsafe_hash=True)
class TooNewForChest(Refusal):
    """The member has been in the server for less than `hours`, and long enough at `allowed_ms`."""

    hours: int
    allowed_ms: int
