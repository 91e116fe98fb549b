"""What a creator's statistics say in words."""

from typing import Final

from bot.domain.creator_stats import CreatorStats
from bot.domain.periods import Period
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks.creator_stats import events_part, fans_part, sums_text
from bot.ui.looks.periods import name_of
from bot.ui.looks.stats_picture import MOST_GIFTS, hour_name, weekday_name
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

HOURS: Final = 3
"""Hours that are named."""


def card(stats: CreatorStats, r: Reader, picture: Picture | None, *, is_own: bool) -> Card:
    """Return the card of a creator's statistics. What the picture shows is left out of the words."""
    title = "📊 " + (r._("Your stats") if is_own else r._("Stats"))
    parts = [Part("\n".join(_opening(stats, r, picture, is_own=is_own)))]
    if picture is None and stats.total.pieces:
        parts += _numbers(stats, r)
    if stats.fans:
        parts.append(fans_part(stats, r))
    if stats.events:
        parts.append(events_part(stats, r))
    return Card(
        theme.ROSE,
        tuple(parts),
        title=title,
        footer=_footer(stats, r),
        pictures=(picture,) if picture is not None else (),
    )


def export(stats: CreatorStats, r: Reader) -> Card:
    """Return what goes with the file."""
    text = r._("Here are the numbers: {period}.", period=_period(stats, r))
    return Card(theme.ROSE, (Part(text),), title="📄 " + r._("Stats as a file"))


def _opening(stats: CreatorStats, r: Reader, picture: Picture | None, *, is_own: bool) -> list[str]:
    lines = [] if is_own else [mentions.member(stats.creator_id, r)]
    if picture is None:
        lines.append(f"**{_period(stats, r)}**")
    if stats.since_ms is not None:
        # Days and weeks begin at the guild's midnight; Discord shows the moment in each reader's own time.
        lines.append("-# " + r._("Since {moment}", moment=r.moment(stats.since_ms)))
    if stats.counted_percent is not None:
        share = r.percent(stats.counted_percent)
        lines.append("⏳ " + r._("Still being counted: {share} of all gifts so far.", share=share))
    if not stats.total.pieces:
        return [*lines, _nothing(stats, r, is_own=is_own)]
    if picture is None:
        lines.append(sums_text(stats.total, r))
    if stats.anonymous.pieces:
        lines.append(r._("Anonymous gifts: {sums}", sums=sums_text(stats.anonymous, r)))
    return lines


def _nothing(stats: CreatorStats, r: Reader, *, is_own: bool) -> str:
    if stats.period is Period.LIVE and stats.event is None:
        return r._("There's no live event yet. Start one with `/live start`.") if is_own else r._("No live event yet.")
    return r._("No gifts in this period. Pick another one below.")


def way_in(r: Reader) -> Part:
    """Return what somebody reads below their numbers who is no creator, or no longer."""
    return Part("-# " + r._("You aren't a creator here right now. Apply with `/creator apply`, and the staff decide."))


def _numbers(stats: CreatorStats, r: Reader) -> list[Part]:
    """Return what the picture would show."""
    ranked = sorted(range(len(stats.hours)), key=lambda hour: (-stats.hours[hour].coins, hour))
    hours = [f"{hour_name(hour, r)}: {r.coin(stats.hours[hour].coins)}" for hour in ranked if stats.hours[hour].coins]
    parts = [Part("\n".join(hours[:HOURS]), r._("Busiest hours"))]
    if stats.event is None:
        days = [f"{weekday_name(day, r)}: {r.coin(sums.coins)}" for day, sums in enumerate(stats.weekdays)]
        parts.append(Part("\n".join(days), r._("By weekday")))
    if stats.gifters and stats.new_gifters is not None and stats.returning_gifters is not None:
        new = r.n_("{n} new gifter", "{n} new gifters", stats.new_gifters)
        returning = r.n_("{n} returning gifter", "{n} returning gifters", stats.returning_gifters)
        parts.append(Part(f"{new} · {returning}", r._("Gifters")))
    gifts = [
        f"{mentions.item(stats.catalogue[item.item_id], r)} · **× {r.number(item.sums.pieces)}**"
        f" · {r.coin(item.sums.coins)}"
        for item in stats.items
        if item.item_id in stats.catalogue
    ]
    return [*parts, Part("\n".join(gifts[:MOST_GIFTS]), r._("Most sent gifts"))] if gifts else parts


def _period(stats: CreatorStats, r: Reader) -> str:
    if stats.event is not None and stats.event.title:
        return shown(stats.event.title)
    return name_of(stats.period, r)


def _footer(stats: CreatorStats, r: Reader) -> str:
    if not stats.total.pieces:
        return ""
    notes = [r._("Hours and days: {zone}", zone=stats.time_zone)]
    if stats.anonymous.pieces:
        notes.insert(0, r._("Gifters and top fans leave out anonymous gifts."))
    return "\n-# ".join(notes)
