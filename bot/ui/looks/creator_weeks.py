"""What a weekly recap looks like: the words, and the picture of the week."""

from datetime import date

from babel.dates import format_interval

from bot.domain.creator_weeks import CreatorWeek, Trend
from bot.domain.text import clean, shown
from bot.services.pictures import Pictures
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks import stats_picture
from bot.ui.looks.creator_stats import events_part, fans_part, sums_text
from bot.ui.looks.payment_methods import source_name
from bot.ui.looks.portraits import NAME
from bot.ui.looks.recap import largest_gift
from bot.ui.looks.stats_picture import hour_name, weekday_name
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def week_card(week: CreatorWeek, server: str, r: Reader, picture: Picture | None = None) -> Card:
    """Return the recap of a creator's week in a server. What the picture shows is left out of the words."""
    stats = week.stats
    parts = [Part("\n".join([f"**{days_of(week, r)}**", *_opening(week, r, picture)]))]
    if stats.total.pieces:
        parts.append(Part("\n".join(_highlights(week, r, picture)), r._("Highlights")))
    if stats.fans:
        parts.append(fans_part(stats, r))
    if stats.events:
        part = events_part(stats, r)
        goals = r.n_("🎯 {n} goal reached", "🎯 {n} goals reached", week.goals) if week.goals else ""
        parts.append(Part("\n".join(filter(None, (part.text, goals))), part.heading))
    if week.release is not None:
        text = r._(
            "{when}: {diamonds} from {sources}",
            when=r.date(week.release.at_ms),
            diamonds=f"**{r.diamonds(week.release.diamonds)}**",
            sources=r.listed(source_name(source, r) for source in week.release.sources),
        )
        parts.append(Part(text, r._("Next release")))
    title = "🗓️ " + (r._("Your week in {server}", server=shown(server)) if server else r._("Your week"))
    pictures = (picture,) if picture is not None else ()
    return Card(theme.ROSE, tuple(parts), title=title, footer=_footer(week, r), pictures=pictures)


async def week_picture(week: CreatorWeek, name: str, pictures: Pictures, r: Reader) -> Picture | None:
    """Return the picture of a week, None if nothing happened, or it cannot be drawn now."""
    if not week.stats.total.pieces:
        return None
    values = stats_picture.card(week.stats, clean(name, NAME), r, period=days_of(week, r))
    png = await pictures.stats(values)
    return Picture("week.png", png, stats_picture.alt_text(values, r)) if png is not None else None


def days_of(week: CreatorWeek, r: Reader) -> str:
    """Return the first and the last day of a week, the same for every reader."""
    first, last = (_date(day) for day in week.days)
    # Our fonts lack the narrow spaces around the dash.
    return format_interval(first, last, "yMMMd", locale=r.locale).replace("\u2009", " ")


def _opening(week: CreatorWeek, r: Reader, picture: Picture | None) -> list[str]:
    stats = week.stats
    if not week.is_worth_telling:
        return [r._("There were no gifts for you that week.")]
    lines: list[str] = []
    if week.earned >= 0:
        lines.append(r._("You earned {diamonds}.", diamonds=f"**{r.diamonds(week.earned)}**"))
    else:
        text = r._("More was taken back than you earned: {diamonds}.", diamonds=f"**{r.diamonds(-week.earned)}**")
        lines.append(text)
    if week.earned_in_tests > 0:
        amount = r.diamonds(week.earned_in_tests)
        lines.append(f"{theme.TEST} " + r._("Test coins brought {diamonds}. They're never paid out.", diamonds=amount))
    if stats.total.pieces:
        lines.append(_trend(week, r))
    if picture is None and stats.total.pieces:
        lines.append(sums_text(stats.total, r))
    if stats.anonymous.pieces:
        lines.append(r._("Anonymous gifts: {sums}", sums=sums_text(stats.anonymous, r)))
    return lines


def _trend(week: CreatorWeek, r: Reader) -> str:
    difference = f"**{r.coins(week.difference)}**"
    match week.trend:
        case Trend.FIRST:
            return r._("There were no gifts the week before.")
        case Trend.SAME:
            return r._("The gifts were worth as much as those of the week before.")
        case Trend.MORE:
            return r._("More than the week before: {coins}", coins=f"+ {difference}")
        case Trend.FEWER:
            return r._("Less than the week before: {coins}", coins=f"− {difference}")


def _highlights(week: CreatorWeek, r: Reader, picture: Picture | None) -> list[str]:
    stats, lines = week.stats, list[str]()
    if (best := week.best_day) is not None:
        day = weekday_name(_date(best.day).weekday(), r)
        lines.append(r._("Best day: {day}, {coins}", day=day, coins=r.coin(best.sums.coins)))
    if (hour := week.best_hour) is not None:
        coins = r.coin(stats.hours[hour].coins)
        lines.append(r._("Best hour: from {hour}, {coins}", hour=hour_name(hour, r), coins=coins))
    if week.largest is not None:
        sender = mentions.member(week.largest_id, r) if week.largest_id else ""
        lines.append(largest_gift(week.largest, sender, r))
    if picture is None and stats.gifters and stats.new_gifters is not None and stats.returning_gifters is not None:
        new = r.n_("{n} new gifter", "{n} new gifters", stats.new_gifters)
        returning = r.n_("{n} returning gifter", "{n} returning gifters", stats.returning_gifters)
        lines.append(f"{new} · {returning}")
    return lines


def _footer(week: CreatorWeek, r: Reader) -> str:
    notes = [r._("Hours and days: {zone}", zone=week.stats.time_zone)]
    if week.stats.anonymous.pieces:
        notes.insert(0, r._("Gifters and top fans leave out anonymous gifts."))
    return "\n-# ".join(notes)


def _date(day: int) -> date:
    return date(day // 10_000, day // 100 % 100, day % 100)
