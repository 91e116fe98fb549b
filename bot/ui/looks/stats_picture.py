"""The picture of a creator's statistics: what is on it, and the same in words for those who do not see it."""

from collections.abc import Sequence
from datetime import time
from typing import Final

from babel.dates import format_time

from bot.domain.creator_stats import HOURS, CreatorStats, Given, ItemGiven
from bot.imaging.plots import Bar, GiftShare, Plot, Split, StatsCard
from bot.imaging.values import Fact, look_of
from bot.ui.looks.periods import name_of
from bot.ui.text.reader import Reader

MOST_GIFTS: Final = 5
"""Gifts on the picture."""

_LABELLED_HOURS: Final = (0, 6, 12, 18)


def card(stats: CreatorStats, name: str, r: Reader, *, period: str = "") -> StatsCard:
    """Return what the picture shows. `period` is what its period is called, where that is no choice of the command."""
    total = stats.total
    facts = [
        Fact(r.number(total.coins), r.currency.name or r.n_("Coin", "Coins", total.coins)),
        Fact(r.number(total.pieces), r.n_("Gift", "Gifts", total.pieces)),
    ]
    # Anonymous gifters are in no count of people.
    if stats.gifters:
        facts.append(Fact(r.number(stats.gifters), r.n_("Gifter", "Gifters", stats.gifters)))
    event = stats.event
    if not period:
        period = event.title if event is not None and event.title else name_of(stats.period, r)
    most = max((item.sums.pieces for item in stats.items), default=1)
    pictured = [item for item in stats.items if item.item_id in stats.catalogue]
    return StatsCard(
        title="📊 " + (r._("Gifts for {creator}", creator=name) if name else r._("Gifts received")),
        subtitle=period,
        facts=tuple(facts),
        hours=_hours(stats.hours, r),
        weekdays=_weekdays(stats.weekdays, r) if event is None else None,
        gifters=_gifters(stats, r),
        gifts_title=r._("Most sent gifts"),
        gifts=tuple(_gift(item, stats, most, r) for item in pictured[:MOST_GIFTS]),
    )


def alt_text(values: StatsCard, r: Reader) -> str:
    """Return what the picture says."""
    parts = [values.title, values.subtitle, ", ".join(f"{fact.value} {fact.label}" for fact in values.facts)]
    parts += [f"{plot.title}: {plot.caption}" for plot in (values.hours, values.weekdays) if plot and plot.caption]
    if values.gifters is not None:
        counts = (values.gifters.first, values.gifters.second)
        parts.append(", ".join(f"{fact.value} {fact.label}" for fact in counts))
    parts.append(", ".join(f"{gift.look.name} {gift.amount}" for gift in values.gifts))
    return r._("Statistics: {text}", text=" · ".join(part for part in parts if part))


def hour_name(hour: int, r: Reader) -> str:
    """Return an hour of the day as the reader's language writes times."""
    # Fonts do not have the narrow space before AM and PM.
    return format_time(time(hour), "short", locale=r.locale).replace("\u202f", " ")


def weekday_name(weekday: int, r: Reader, *, is_short: bool = False) -> str:
    """Return the name of a weekday, 0 for Monday."""
    return r.locale.days["stand-alone"]["short" if is_short else "wide"][weekday].rstrip(".")


def _hours(hours: Sequence[Given], r: Reader) -> Plot:
    labels = [_short_hour(hour, r) if hour in _LABELLED_HOURS else "" for hour in range(HOURS)]
    return _plot(r._("By hour"), hours, labels, [hour_name(hour, r) for hour in range(HOURS)], r)


def _weekdays(weekdays: Sequence[Given], r: Reader) -> Plot:
    numbers = range(len(weekdays))
    labels = [weekday_name(number, r, is_short=True) for number in numbers]
    return _plot(r._("By weekday"), weekdays, labels, [weekday_name(number, r) for number in numbers], r)


def _plot(title: str, sums: Sequence[Given], labels: Sequence[str], names: Sequence[str], r: Reader) -> Plot:
    coins = [part.coins for part in sums]
    most = max(coins)
    caption = f"{names[coins.index(most)]} · {r.coin(most, plain=True)}" if most else ""
    return Plot(
        title, caption, tuple(Bar(part / (most or 1), label) for part, label in zip(coins, labels, strict=True))
    )


def _gifters(stats: CreatorStats, r: Reader) -> Split | None:
    new, returning = stats.new_gifters, stats.returning_gifters
    if new is None or returning is None or not stats.gifters:
        return None
    return Split(
        r._("Gifters"),
        Fact(r.number(new), r._("New")),
        Fact(r.number(returning), r._("Returning")),
        new / stats.gifters,
    )


def _gift(item: ItemGiven, stats: CreatorStats, most: int, r: Reader) -> GiftShare:
    look = look_of(stats.catalogue[item.item_id])
    amount = f"× {r.number(item.sums.pieces)} · {r.coin(item.sums.coins, plain=True)}"
    return GiftShare(look, amount, item.sums.pieces / most)


def _short_hour(hour: int, r: Reader) -> str:
    is_halved = "a" in str(r.locale.time_formats["short"].pattern)
    return format_time(time(hour), "h a" if is_halved else "HH:mm", locale=r.locale).replace("\u202f", " ")
