"""Every reason why a rule refuses something. A refusal carries facts; `bot.ui.kit.errors` turns them into a sentence.

When one of these is raised, nothing has been charged, changed or sent. The dataclasses are not frozen, because the
interpreter and `contextlib` set attributes on an exception while it propagates.
"""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

Topic = Literal["", "settings", "payment"]


@dataclass(unsafe_hash=True)
class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The base of all refusals.

    `about` says what the caller may worry about beside the refusal itself: "settings", where something was to be
    changed; "payment", where an order may have a payment on its way; nothing for the rest.
    """

    about: ClassVar[Topic] = ""

    def __init_subclass__(cls, *, about: Topic = "") -> None:
        super().__init_subclass__()
        cls.about = about or cls.about

    def __post_init__(self) -> None:
        super().__init__(repr(self))

    def __reduce__(self) -> tuple[Any, ...]:
        # By default, unpickling calls the class with `args`, which hold the repr from above.
        return type(self), tuple(getattr(self, field.name) for field in fields(self))


# Amounts and texts


@dataclass(unsafe_hash=True)
class InvalidAmount(Refusal):
    """Not a whole number between the bounds. `text` is the input, cut short."""

    text: str
    lowest: int
    highest: int


@dataclass(unsafe_hash=True)
class AmbiguousAmount(Refusal, about="settings"):
    """A price such as "1,000", whose separator may stand between thousands or before decimals.

    `text` is the input. `thousands` and `decimals` spell out the two readings. `decimals` is empty if the currency has
    fewer than three decimal digits.
    """

    text: str
    thousands: str
    decimals: str


@dataclass(unsafe_hash=True)
class InvalidText(Refusal):
    """A name, title, reason or wish that is empty after cleaning, or malformed. `field` names it."""

    field: str
    longest: int


@dataclass(unsafe_hash=True)
class InvalidPeriod(Refusal, about="settings"):
    """A period that does not end after its start."""


@dataclass(unsafe_hash=True)
class EmptyRange(Refusal, about="settings"):
    """A range whose lowest number is above its highest."""


@dataclass(unsafe_hash=True)
class PastMoment(Refusal, about="settings"):
    """A date that must lie in the future and does not. `at_ms` is in milliseconds UTC."""

    at_ms: int


@dataclass(unsafe_hash=True)
class InvalidTimeZone(Refusal, about="settings"):
    """Not the name of a time zone in the IANA database."""

    text: str


@dataclass(unsafe_hash=True)
class InvalidCurrency(Refusal, about="settings"):
    """Not a currency code of ISO 4217."""

    text: str


@dataclass(unsafe_hash=True)
class NotFound(Refusal):
    """An id or name that does not exist in this guild. `noun` says what kind of thing was looked up."""

    noun: str


@dataclass(unsafe_hash=True)
class NameTaken(Refusal, about="settings"):
    """Something else of the same kind in this guild already has the name."""

    name: str


@dataclass(unsafe_hash=True)
class UnknownGuild(Refusal):
    """The bot has no books for this guild, or is not installed in it."""


@dataclass(unsafe_hash=True)
class NotAllowed(Refusal):
    """The caller has none of the staff roles that the command needs. `needs` holds the names of those roles."""

    needs: tuple[str, ...]


# Gifts


@dataclass(unsafe_hash=True)
class NotEnoughCoins(Refusal):
    """The gift costs more than the wallet holds. With `is_test`, most of what it holds are test coins."""

    balance: int
    needed: int
    is_test: bool = False


@dataclass(unsafe_hash=True)
class WalletFull(Refusal):
    """The receiving account would hold more than an account may, which is `highest`."""

    highest: int


@dataclass(unsafe_hash=True)
class GiftToSelf(Refusal):
    """The sender and the creator are the same member."""


@dataclass(unsafe_hash=True)
class GiftToBot(Refusal):
    """The receiver is a bot; bots have no wallet."""


@dataclass(unsafe_hash=True)
class NotACreator(Refusal):
    """The receiver is not an approved creator of this guild."""

    member_id: int


@dataclass(unsafe_hash=True)
class CannotGoLive(NotACreator):
    """A live event or a match was to have somebody on stage who is not an approved creator."""


@dataclass(unsafe_hash=True)
class CreatorLeft(Refusal):
    """The creator is no longer a member of the guild."""

    member_id: int


@dataclass(unsafe_hash=True)
class ItemUnavailable(Refusal):
    """The item exists but cannot be sent now. `why` is one of archived, early, over, sold_out, live_only."""

    name: str
    why: str


@dataclass(unsafe_hash=True)
class NotForMessages(Refusal):
    """The item's price is not one of those that gifts on messages may have here. A bound is None for no limit."""

    name: str
    lowest: int | None
    highest: int | None


@dataclass(unsafe_hash=True)
class MustConfirm(Refusal):
    """The gift is so large that its sender has to confirm it."""

    coins: int


@dataclass(unsafe_hash=True)
class SentBefore(Refusal):
    """The same gift was sent a moment ago, and its sender has not seen the receipt with the number `seq`."""

    seq: int


class GiftLapsed(Refusal):
    """A gift that was planned with an order is not to be sent any more: its buyer has been told that the coins stay."""


@dataclass(unsafe_hash=True)
class PriceChanged(Refusal):
    """The total `price` is above `ceiling`, the total that the payer agreed to.

    Both are in coins, or in minor units of `currency` if there is one. A `ceiling` of 0 belongs to a control that
    showed no price yet.
    """

    price: int
    ceiling: int
    currency: str = ""


@dataclass(unsafe_hash=True)
class ForgedWebhook(Refusal):
    """A webhook whose signature, age or form is wrong. The sender is told that it was refused, but not why."""

    why: str


# Creators and live events


@dataclass(unsafe_hash=True)
class AlreadyACreator(Refusal, about="settings"):
    """The member is already an approved creator."""

    member_id: int


@dataclass(unsafe_hash=True)
class AlreadyLive(Refusal, about="settings"):
    """The creator already has a running live event, in `channel_id`."""

    channel_id: int
    creator_id: int


@dataclass(unsafe_hash=True)
class ChannelBusy(Refusal, about="settings"):
    """Another creator is live in the channel."""

    creator_id: int


@dataclass(unsafe_hash=True)
class NotLive(Refusal):
    """No live event is running here."""


@dataclass(unsafe_hash=True)
class NotYourLive(Refusal, about="settings"):
    """The live event belongs to somebody else, and the caller is not a host."""

    creator_id: int


@dataclass(unsafe_hash=True)
class CrowdedLive(Refusal, about="settings"):
    """The live event already has `highest` creators, which is the most it may have."""

    highest: int


@dataclass(unsafe_hash=True)
class NobodyToThank(Refusal):
    """The creator has already thanked everybody for every gift."""


@dataclass(unsafe_hash=True)
class TooMany(Refusal, about="settings"):
    """The guild already has the `highest` allowed number of `noun`."""

    noun: str
    highest: int


# The state of the bot


@dataclass(unsafe_hash=True)
class Busy(Refusal):
    """More commands are waiting than can be handled in time."""


@dataclass(unsafe_hash=True)
class BooksClosed(Refusal):
    """Money commands are refused because the books cannot be written, or failed their check."""


@dataclass(unsafe_hash=True)
class ClockDoubtful(BooksClosed):
    """The time is unknown, so nothing is booked and nothing ends. See `bot.domain.timekeeping`."""
