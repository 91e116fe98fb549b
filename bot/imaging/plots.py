"""Values of plots: pictures that show sums as bars. Every text is in the reader's language already."""

from dataclasses import dataclass

from bot.imaging.values import Fact, GiftLook


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot. `share` is its height, from 0 to 1, and `label` stands below, "" for none."""

    share: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars side by side. `caption` names the highest one, and its sum."""

    title: str
    caption: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts of a whole, as a bar in two colours. `share` is that of the first part, from 0 to 1."""

    title: str
    first: Fact
    second: Fact
    share: float


@dataclass(frozen=True, slots=True)
class GiftShare:
    """How much of all was one gift. `share` is the length of its bar, from 0 to 1."""

    look: GiftLook
    amount: str
    share: float


@dataclass(frozen=True, slots=True)
class StatsCard:
    """What a creator was given: one to three figures, two plots, gifters, and up to five gifts."""

    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    hours: Plot
    weekdays: Plot | None = None
    gifters: Split | None = None
    gifts_title: str = ""
    gifts: tuple[GiftShare, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of a statement: what it is, a small detail such as a count, and the amount."""

    label: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class StatementCard:
    """What moved a creator's earnings: two figures, before and after, the lines between them, and a small note."""

    title: str
    subtitle: str
    facts: tuple[Fact, ...]
    rows: tuple[StatementRow, ...]
    note: str = ""
