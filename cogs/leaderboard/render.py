"""What a leaderboard looks like."""

from collections.abc import Sequence

from bot.domain.leaderboards import Board, Standing
from bot.domain.periods import PastPeriod, Period
from bot.domain.text import shown
from bot.services.leaderboards import BoardPage
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks.leaderboards import TITLES, line
from bot.ui.looks.periods import name_of
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def only_fans(reader: Reader) -> str:
    """Return the answer to a request for another board of a single creator."""
    return reader._("For one creator, I only have top gifters. The other leaderboards are about everyone.")


def no_place(reader: Reader) -> str:
    """Return the answer to a member who looks for a place that they don't have."""
    return reader._("You have no place on this leaderboard yet.")


def board(
    page: BoardPage,
    standings: Sequence[Standing],
    own: Standing | None,
    reader: Reader,
    picture: Picture | None = None,
    *,
    news: str = "",
) -> Card:
    """Return one page of a leaderboard; `own` is the viewer's place, shown below if it is not on the page.

    A `picture` takes the place of the title and the places, which it shows. `news` comes first.
    """
    query = page.query
    subtitle = [*filter(None, [news]), *_subtitle(page, reader)]
    listed = [] if picture is not None else _places(page, standings, own, reader)
    gap = [""] if subtitle and listed else []
    text = discord_limits.lines([*subtitle, *gap, *listed], discord_limits.CARD_TEXT)
    return Card(
        theme.RED if query.period is Period.LIVE else theme.GOLD,
        (Part(text),) if text else (),
        title="" if picture is not None else f"🏆 {reader._(TITLES[query.board])} · {_period(page, reader)}",
        footer=_footer(page, reader),
        pictures=(picture,) if picture is not None else (),
    )


def places(page: BoardPage, standings: Sequence[Standing], own: Standing | None, reader: Reader) -> Part:
    """Return the places of a page, for below the recap of the live event that they are of."""
    lines = [*_subtitle(page, reader), "", *_places(page, standings, own, reader)]
    title = f"🏆 {reader._(TITLES[page.query.board])}"
    return Part(discord_limits.lines(lines, discord_limits.FIELD_VALUE), title)


def _places(page: BoardPage, standings: Sequence[Standing], own: Standing | None, reader: Reader) -> list[str]:
    lines = [line(standing, page, reader) for standing in standings]
    if not lines:
        lines = [_nothing_yet(page, reader)]
    if own is not None and all(standing.subject_id != own.subject_id for standing in standings):
        lines += ["…", line(own, page, reader)]
    return lines


def _nothing_yet(page: BoardPage, reader: Reader) -> str:
    if isinstance(page.query.period, PastPeriod):
        period = name_of(page.query.period, reader)
        return reader._("Nobody is on this leaderboard for {period}.", period=period)
    if page.query.fans_of is None:
        return reader._("No gifts yet. Be the first with `/gift`.")
    creator = mentions.member(page.query.fans_of, reader)
    if page.query.period is Period.ALL:
        return reader._("No gifts for {creator} yet. Be the first with `/gift`.", creator=creator)
    return reader._("No gifts for {creator} in this period. Pick “All time” to see earlier ones.", creator=creator)


def _period(page: BoardPage, reader: Reader) -> str:
    if page.event is not None and page.event.title:
        return shown(page.event.title)
    return name_of(page.query.period, reader)


def _subtitle(page: BoardPage, reader: Reader) -> list[str]:
    parts: list[str] = []
    if page.query.fans_of is not None:
        parts.append(reader._("Fans of {creator}", creator=mentions.member(page.query.fans_of, reader)))
    if page.event is not None:
        creator = mentions.member(page.event.creator_id, reader)
        if page.event.ended_ms is None:
            parts.append(f"{theme.LIVE} " + reader._("Live with {creator}", creator=creator))
        else:
            when = reader.when(page.event.ended_ms)
            parts.append(reader._("{creator}'s live event ended {when}.", creator=creator, when=when))
    if page.since_ms is not None:
        # Days and weeks begin at the guild's midnight; Discord shows the moment in each reader's own time.
        parts.append("-# " + reader._("Since {moment}", moment=reader.moment(page.since_ms)))
    if page.counted_percent is not None:
        share = reader.percent(page.counted_percent)
        parts.append("⏳ " + reader._("Still being counted: {share} of all gifts so far.", share=share))
    if page.late_since_ms is not None:
        late = reader.moment(page.late_since_ms)
        parts.append("-# " + reader._("Gifts sent after {moment} aren't counted yet.", moment=late))
    return parts


def _footer(page: BoardPage, reader: Reader) -> str:
    coins = page.leaderboard.coins
    parts = [reader._("{coins} in total", coins=reader.coins(coins, plain=True))] if coins else []
    if coins and page.query.board is Board.GIFTERS:
        parts = [reader._("{coins} in total, without anonymous gifts", coins=reader.coins(coins, plain=True))]
    if page.query.period not in {Period.LIVE, Period.ALL}:
        # Days and weeks begin at the guild's midnight, wherever the reader is.
        parts.append(reader._("Time zone: {zone}", zone=page.time_zone))
    return " · ".join(parts)
