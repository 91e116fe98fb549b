"""What a week's or a month's results look like: who gave and who received the most, provisionally or finally."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from babel.dates import format_interval

from bot.domain.leaderboards import Board
from bot.domain.periods import Period
from bot.domain.results import first_day_of
from bot.services.pictures import Pictures
from bot.services.visible_leaderboard import VisiblePage
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.cross_links import board_button
from bot.ui.kit.membership import Membership
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import leaderboards
from bot.ui.looks.portraits import portraits
from bot.ui.text.reader import Reader

PLACES = 5
"""Places of each board in words, if there is no picture."""


class Shown(NamedTuple):
    """Results of the week or month `number`. `pages` are the first ones of its boards, without empty ones.

    Before it is over, `ends_ms` is when it will be.
    """

    period: Period
    number: int
    pages: Sequence[VisiblePage]
    ends_ms: int | None


def results_reply(shown: Shown, r: Reader, pictures: Sequence[Picture] = ()) -> Reply:
    """Return the post. What the `pictures` show is left out of the words."""
    parts = [Part("\n".join(_opening(shown, r)))]
    if not pictures:
        for page in shown.pages:
            lines = [leaderboards.line(standing, page.board, r) for standing in page.standings[:PLACES]]
            parts.append(Part("\n".join(lines), r._(leaderboards.TITLES[page.board.query.board])))
    if any(page.board.query.board is Board.GIFTERS for page in shown.pages):
        parts.append(Part("-# " + r._("Anonymous gifts don't count toward places among top gifters.")))
    title = r._("Results of the week") if shown.period is Period.WEEK else r._("Results of the month")
    card = Card(theme.GOLD, tuple(parts), title=f"🏆 {title}", pictures=tuple(pictures), is_stacked=True)
    return reply(card, [board_button(r)])


async def results_pictures(
    shown: Shown, guild_id: int, membership: Membership, pictures: Pictures, r: Reader
) -> list[Picture]:
    """Return a picture of each board, none at all if one cannot be drawn now."""
    drawn: list[Picture] = []
    for page in shown.pages:
        member_ids = leaderboards.people_on(page.board, page.standings, None)
        people = await portraits(membership, pictures, guild_id, member_ids, r)
        period = period_name(shown.period, shown.number, r)
        values = leaderboards.card(page.board, page.standings, None, people, r, period=period)
        png = await pictures.leaderboard(values)
        if png is None:
            return []
        drawn.append(Picture(f"{page.board.query.board.value}.png", png, leaderboards.alt_text(values, r)))
    return drawn


def period_name(period: Period, number: int, r: Reader) -> str:
    """Return what a numbered week or month is called."""
    first = first_day_of(period, number)
    if period is Period.MONTH:
        return r.month(first)
    # Fonts do not have the narrow spaces around the dash.
    days = format_interval(first, first + timedelta(days=6), "yMMMd", locale=r.locale)
    return days.replace("\u2009", " ")


def _opening(shown: Shown, r: Reader) -> list[str]:
    name = f"**{period_name(shown.period, shown.number, r)}**"
    if shown.ends_ms is None:
        return [name, "🏁 " + r._("These are the final places.")]
    ends = r.when(shown.ends_ms)
    text = r._("These are the places so far. Every gift still counts until the end, {when}.", when=ends)
    return [name, f"⏳ {text}"]
