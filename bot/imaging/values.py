"""What pictures are drawn from: plain values, for the bot's process, which never loads Pillow, and for the child.

Every text is in the reader's language already.
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.catalogue import GiftItem, ItemPicture, Tier

MOST_SHELF_GIFTS: Final = 9


@dataclass(frozen=True, slots=True)
class GiftLook:
    """What a gift's picture depends on. The emoji selects the drawing, whatever the name. The tier sets the frame.

    An `uploaded` picture takes the place of the drawing. Its bytes travel beside the values.
    """

    name: str
    emoji: str
    tier: Tier
    uploaded: ItemPicture | None = None


def look_of(item: GiftItem) -> GiftLook:
    """Return what an item's picture depends on."""
    return GiftLook(item.name, item.emoji, item.tier, item.uploaded_picture)


@dataclass(frozen=True, slots=True)
class GiftPicture:
    """The picture of a gift alone: a square with a transparent background, `size` pixels wide."""

    look: GiftLook
    size: int


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that somebody uploaded, and that is to become an item's picture."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Person:
    """A member on a picture. `avatar` is a fetched PNG, JPEG, WebP or GIF file. None draws an initial instead."""

    name: str
    member_id: int
    avatar: bytes | None = None


@dataclass(frozen=True, slots=True)
class CardStanding:
    """One place on a board: a person, or a gift item by its look. `amount` is displayed, `coins` are for comparing."""

    place: int
    who: Person | GiftLook
    amount: str
    coins: int

    @property
    def name(self) -> str:
        """The name beside the place."""
        return self.who.name


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure and its label, both as displayed."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Named:
    """A person, or a gift, with a figure beside the name."""

    who: Person | GiftLook
    amount: str


@dataclass(frozen=True, slots=True)
class LeaderboardCard:
    """What a leaderboard shows, in the reader's language.

    `standings` are in order, ten at most. Only a page that starts at the first place has a podium. `own` is the
    viewer's standing if it is not among them, with `own_label` above it. `viewer` is the place to mark among the
    standings. `empty` is the text for an empty board.
    """

    title: str
    subtitle: str
    standings: tuple[CardStanding, ...]
    own: CardStanding | None = None
    own_label: str = ""
    viewer: int | None = None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class GoalBar:
    """How far the goal of a running live event is: `percent` from 0 to 100."""

    percent: int


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in coins. `share` is the part reached, 1 or more for all. `text` is a line such as "Goal reached"."""

    share: float
    text: str
    amount: str

    @property
    def reached(self) -> bool:
        """Whether the whole goal was reached."""
        return self.share >= 1


@dataclass(frozen=True, slots=True)
class RecapCard:
    """What a recap shows, in the guild's language. `label` stands above the title, such as "Live recap".

    `creators` are one to four, the first one first, and `names` lists them. `total` is the main figure. `facts` are one
    to four others, such as gifts and gifters. `standings` are the best three. `highlights` are sentences, such as one
    about the best combo.
    """

    label: str
    title: str
    creators: tuple[Person, ...]
    names: str
    total: Fact
    facts: tuple[Fact, ...]
    standings: tuple[CardStanding, ...]
    goal: Goal | None = None
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofCard:
    """What a monthly proof shows: rows of figures with a label each, green if it `agrees`."""

    title: str
    subtitle: str
    agrees: bool
    rows: tuple[tuple[str, tuple[Fact, ...]], ...]
    footer: str


@dataclass(frozen=True, slots=True)
class Priced:
    """A gift on the shelf. `price` is in coins, `worth` is about how much real money that is, both as displayed.

    `badge` says who can send it, "" for everybody.
    """

    look: GiftLook
    price: str
    worth: str = ""
    badge: str = ""

    @property
    def name(self) -> str:
        """The item's name."""
        return self.look.name


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a shelf shows, in the reader's language: nine gifts at most. `empty` is the text for no gifts.

    `colour` is that of the gifts' tier.
    """

    title: str
    subtitle: str
    colour: int
    gifts: tuple[Priced, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class MomentCard:
    """A moment of a live event: a goal that was reached, a gift train, the result of a match.

    `emblem` is an emoji. `figure` is the main text, such as an amount or a score, with `caption` below. `people` are
    one to four members, and `names` lists them. `share` is the part of a bar that is filled, None for no bar. `note` is
    a sentence in a box of its own, empty if there is none.
    """

    emblem: str
    colour: int
    figure: str
    caption: str = ""
    people: tuple[Person, ...] = ()
    names: str = ""
    share: float | None = None
    note: str = ""

    @property
    def look(self) -> GiftLook:
        """The medal with its emblem."""
        return medal_look(self.emblem)


GOAL_EMBLEM, TRAIN_EMBLEM, MATCH_EMBLEM = EMBLEMS = ("🎯", "🚂", "⚔️")
"""What the medals of moments show."""


def medal_look(emblem: str) -> GiftLook:
    """Return what the picture of a medal depends on."""
    return GiftLook("", emblem, Tier.GRAND)


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge: an emoji, and a caption of a few characters such as "10k". `held` is False until it is earned."""

    emoji: str
    caption: str
    held: bool = True


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """What a profile shows, in the reader's language.

    `level` is displayed below `level_label`. `progress` to the next level is from 0 to 1, with `progress_text` below.
    `facts` are up to four figures, such as coins gifted and the streak. The titles stand above badges and favourites.
    """

    member: Person
    subtitle: str
    level: str
    level_label: str
    progress: float
    progress_text: str
    facts: tuple[Fact, ...] = ()
    badges_title: str = ""
    badges: tuple[Badge, ...] = ()
    favourites_title: str = ""
    favourites: tuple[Named, ...] = ()
