"""Reasons why a command of staff is refused. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class CoinsToBot(Refusal, about="settings"):
    """The receiver of a grant is a bot; bots have no wallet."""


@dataclass(unsafe_hash=True)
class BotAsCreator(Refusal, about="settings"):
    """A bot was to be approved as a creator."""


@dataclass(unsafe_hash=True)
class BooksTooLarge(Refusal):
    """The books of a guild take too long to export, or a single row does not fit into a file on Discord."""

    guild_id: int


@dataclass(unsafe_hash=True)
class BlockSelf(Refusal, about="settings"):
    """A creator was to block themselves."""


@dataclass(unsafe_hash=True)
class StaffAsCreator(Refusal, about="settings"):
    """A member of staff was to become a creator, where the owner does not allow that."""

    member_id: int


@dataclass(unsafe_hash=True)
class NoCreatorToRemove(Refusal, about="settings"):
    """The member who was to be removed from the creators is none."""

    member_id: int


@dataclass(unsafe_hash=True)
class InvalidPicture(Refusal, about="settings"):
    """An uploaded file that cannot be an item's picture. `why` is one of type, bytes, pixels, animated, broken and
    unchecked, which is where it could not be fetched or looked at now."""

    why: str


@dataclass(unsafe_hash=True)
class NoRateNeeded(Refusal, about="settings"):
    """All packages are priced in the guild's main `currency`, so there is nothing to exchange."""

    currency: str


@dataclass(unsafe_hash=True)
class NothingToHold(Refusal, about="settings"):
    """Members can pay only with test coins, which are never paid out."""


@dataclass(unsafe_hash=True)
class InvalidRate(Refusal, about="settings"):
    """Not an exchange rate that can be stored. `text` is the input, cut short."""

    text: str


@dataclass(unsafe_hash=True)
class InvalidPrice(Refusal, about="settings"):
    """Not a price in `currency`, or one above the highest. `text` is the input, cut short."""

    text: str
    currency: str


@dataclass(unsafe_hash=True)
class FlagDecided(Refusal):
    """Staff have settled flag `flag_id` before."""

    flag_id: int


@dataclass(unsafe_hash=True)
class OwnFlag(Refusal):
    """The member who decides about a flag is one of those it names."""


@dataclass(unsafe_hash=True)
class OwnCase(Refusal):
    """The member who decides about a case is the buyer whose payment it is about."""


@dataclass(unsafe_hash=True)
class CaseDecided(Refusal):
    """Somebody has decided about case `case_id` before."""

    case_id: int


@dataclass(unsafe_hash=True)
class UnknownSku(Refusal, about="settings"):
    """The reference of a package is no SKU that the bot sells on Discord. `text` is the input, cut short."""

    text: str


@dataclass(unsafe_hash=True)
class StorePriceDiffers(Refusal, about="settings"):
    """A package that Discord sells as well has another price than there. The two fields are Discord's price."""

    price_minor: int
    currency: str
