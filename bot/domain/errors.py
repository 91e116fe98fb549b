"""Every way in which a rule says no. A refusal carries facts; `bot.ui.errors` turns them into a sentence.

Nothing is ever charged, changed or sent when one of these is raised. (Not frozen: the interpreter and
`contextlib` write to an exception while it travels.)
"""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(unsafe_hash=True)
class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The base of all refusals."""

    def __post_init__(self) -> None:
        super().__init__(repr(self))

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is otherwise made anew from `args`, which is the sentence above.
        return type(self), tuple(getattr(self, field.name) for field in fields(self))


# Amounts and texts


@dataclass(unsafe_hash=True)
class InvalidAmount(Refusal):
    """Not a whole number between the bounds. `given` is what came, cut short."""

    given: str
    lowest: int
    highest: int


@dataclass(unsafe_hash=True)
class AmbiguousAmount(Refusal):
    """A price whose separator may stand between thousands or before decimals: "1,000".

    `given` is what came; `thousands` and `decimals` write the two readings plainly, `decimals` empty where the
    currency has fewer.
    """

    given: str
    thousands: str
    decimals: str


@dataclass(unsafe_hash=True)
class InvalidText(Refusal):
    """A name, title or reason that is empty after cleaning, or not of the form asked for. `field` names the option."""

    field: str
    longest: int


@dataclass(unsafe_hash=True)
class InvalidPeriod(Refusal):
    """A stretch of time that ends before it begins, or at once."""


@dataclass(unsafe_hash=True)
class PastMoment(Refusal):
    """A date that has to lie ahead, and does not. In milliseconds UTC."""

    at_ms: int


@dataclass(unsafe_hash=True)
class InvalidTimeZone(Refusal):
    """Not the name of a time zone in the IANA database."""

    given: str


@dataclass(unsafe_hash=True)
class InvalidCurrency(Refusal):
    """Not a currency code of ISO 4217."""

    given: str


@dataclass(unsafe_hash=True)
class NotFound(Refusal):
    """An id or name that does not exist in this guild. `noun` is what was looked for, in the product's words."""

    noun: str


@dataclass(unsafe_hash=True)
class NameTaken(Refusal):
    """Another one in this guild already has the name."""

    name: str


@dataclass(unsafe_hash=True)
class UnknownGuild(Refusal):
    """The bot has no books for this guild, or was not installed into it."""


# Who may


@dataclass(unsafe_hash=True)
class NotAllowed(Refusal):
    """The caller has none of the staff roles that the command needs. `needs` holds their names."""

    needs: tuple[str, ...]


# Gifts


@dataclass(unsafe_hash=True)
class NotEnoughCoins(Refusal):
    """The gift costs more than the wallet holds."""

    balance: int
    needed: int


@dataclass(unsafe_hash=True)
class WalletFull(Refusal):
    """The receiving account would exceed what an account may hold."""

    highest: int


@dataclass(unsafe_hash=True)
class GiftToSelf(Refusal):
    """Sender and creator are one."""


@dataclass(unsafe_hash=True)
class GiftToBot(Refusal):
    """The receiver is a bot; bots have no wallet."""


@dataclass(unsafe_hash=True)
class NotACreator(Refusal):
    """The receiver has not been approved as a creator here."""

    member_id: int


@dataclass(unsafe_hash=True)
class CreatorLeft(Refusal):
    """The creator is no longer a member of the guild."""

    member_id: int


@dataclass(unsafe_hash=True)
class ItemUnavailable(Refusal):
    """The item exists, but cannot be sent now. `why` is one of archived, early, over, sold_out, live_only."""

    name: str
    why: str


@dataclass(unsafe_hash=True)
class MustConfirm(Refusal):
    """A gift so large that its sender has to say yes once more."""

    coins: int


@dataclass(unsafe_hash=True)
class SentBefore(Refusal):
    """The same gift went out a moment ago, and its sender does not know: the receipt `seq` could not be shown."""

    seq: int


@dataclass(unsafe_hash=True)
class PriceChanged(Refusal):
    """It costs more than its payer agreed to: `price` is above `ceiling`, each the whole sum, in coins, or in minor
    units of `currency` where there is one. A `ceiling` of 0 is a control that showed no price yet."""

    price: int
    ceiling: int
    currency: str = ""


# Payments


@dataclass(unsafe_hash=True)
class ForgedWebhook(Refusal):
    """A webhook whose signature, age or form is not its provider's. Goes back to the sender, without the reason."""

    why: str


# Creators and live events


@dataclass(unsafe_hash=True)
class AlreadyACreator(Refusal):
    """The member is an approved creator already."""

    member_id: int


@dataclass(unsafe_hash=True)
class AlreadyLive(Refusal):
    """The creator has a running live event, in `channel_id`."""

    channel_id: int


@dataclass(unsafe_hash=True)
class ChannelBusy(Refusal):
    """Another creator is live in the channel."""

    creator_id: int


@dataclass(unsafe_hash=True)
class NotLive(Refusal):
    """No live event runs here."""


@dataclass(unsafe_hash=True)
class NotYourLive(Refusal):
    """The live event belongs to somebody else, and the caller is not a host."""

    creator_id: int


@dataclass(unsafe_hash=True)
class CrowdedLive(Refusal):
    """A live event has no room for more creators: `highest` is the most."""

    highest: int


@dataclass(unsafe_hash=True)
class MatchRuns(Refusal):
    """A match of the live event is not over yet; it ends at `ends_ms` at the latest."""

    ends_ms: int


@dataclass(unsafe_hash=True)
class NoMatch(Refusal):
    """The match is over, or never was."""


@dataclass(unsafe_hash=True)
class MatchWithSelf(Refusal):
    """A creator cannot be the own opponent."""


@dataclass(unsafe_hash=True)
class NotInvited(Refusal):
    """Only `member_id` may take up an invitation to a match."""

    member_id: int


@dataclass(unsafe_hash=True)
class NobodyToThank(Refusal):
    """Every gift has been thanked for."""


@dataclass(unsafe_hash=True)
class TooMany(Refusal):
    """The guild has as many of `noun` as it may have."""

    noun: str
    highest: int


# The house itself


@dataclass(unsafe_hash=True)
class Busy(Refusal):
    """More commands wait than can be worked off in time."""


@dataclass(unsafe_hash=True)
class BooksClosed(Refusal):
    """Money commands are refused because the books cannot be written or did not pass their check."""


@dataclass(unsafe_hash=True)
class ClockDoubtful(BooksClosed):
    """Nobody can say what time it is, so nothing is booked and nothing ends; see `bot.domain.timekeeping`."""
