"""The panel of a leaderboard: its pages, without those who have left."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.live import LiveEvent
from bot.domain.periods import Period
from bot.domain.standings import PUBLIC_BOARDS, Board, Standing
from bot.services import Services
from bot.services.leaderboards import PAGE, BoardPage, BoardQuery
from bot.ui.answers import Mode, answer, pictured
from bot.ui.caller import channel_of, guild_of, services_of
from bot.ui.membership import Presence, presence_of
from bot.ui.pages import turns
from bot.ui.portraits import faces
from bot.ui.reader import Reader
from bot.ui.recap import recap_embed, recap_picture
from bot.ui.replies import Picture, Reply, reply
from bot.ui.views import Control
from cogs.leaderboard import card, render

_BOARDS = PUBLIC_BOARDS
_PERIODS = tuple(Period)


class BoardIds(NamedTuple):
    """A page of a board, as `viewer` opened it. `board` and `period` are places in their enums, `fans` 0 for none."""

    viewer: int
    board: int
    period: int
    fans: int
    page: int


class Turn(Control[BoardIds], action="board-page", ids=BoardIds):
    """Turns a leaderboard's pages."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the page; to anybody but the one who asked for the board in a reply of their own."""
        ids, user_id = self.ids, interaction.user.id
        mine = user_id == ids.viewer
        query = BoardQuery(
            guild_id=guild_of(interaction),
            board=_BOARDS[ids.board % len(_BOARDS)],
            period=_PERIODS[ids.period % len(_PERIODS)],
            viewer_id=user_id,
            channel_id=channel_of(interaction),
            fans_of=ids.fans or None,
            page=ids.page,
        )
        reader = Reader.for_guild(interaction.guild) if mine else Reader.of(interaction)
        await answer(interaction, lambda: board(interaction, query, reader), Mode.UPDATE if mine else Mode.PRIVATE)


@dataclass(frozen=True, slots=True)
class Visible:
    """A page of a board as it is shown: places count only those who are here."""

    page: BoardPage
    standings: tuple[Standing, ...]
    own: Standing | None
    hidden: int


async def board(interaction: discord.Interaction, query: BoardQuery, reader: Reader) -> Reply:
    """Return one page of a leaderboard with the buttons to turn it."""
    visible = await visible_page(services_of(interaction), presence_of(interaction.client), query)
    ids = BoardIds(
        query.viewer_id, _BOARDS.index(query.board), _PERIODS.index(query.period), query.fans_of or 0, query.page
    )
    pages = max(1, -(-(visible.page.leaderboard.places - visible.hidden) // PAGE))
    shown = min(query.page, pages - 1)
    buttons = turns(lambda page: Turn.id_for(ids._replace(page=page)), reader, shown, pages)
    over = _over(visible.page)
    if over is not None and shown == 0:
        return await _recap(interaction, over, visible, buttons, reader)
    picture = await pictured(interaction, lambda: _picture(interaction, visible, reader))
    embed = render.board(visible.page, visible.standings, visible.own, reader, pictured=picture is not None)
    return reply(embed, buttons, picture)


def _over(page: BoardPage) -> LiveEvent | None:
    """Return the live event whose recap belongs above the first page of all its gifters: one that is over."""
    query, event = page.query, page.event
    if event is None or event.ended_ms is None or query.board is not Board.GIFTERS:
        return None
    return event if query.fans_of is None else None


async def _recap(
    interaction: discord.Interaction, event: LiveEvent, visible: Visible, buttons: list[ui.Item[Any]], reader: Reader
) -> Reply:
    """Return the recap of a live event among those who are still here, with the places of its gifters below."""
    services, presence = services_of(interaction), presence_of(interaction.client)
    told = await services.live_displays.recap(event.guild_id, event.event_id)
    here = await presence.here(event.guild_id, [told.best_id] if told.best_id else [])
    totals = replace(told.totals, top=visible.standings[: len(told.totals.top)])
    status = replace(told, totals=totals, best_id=told.best_id if told.best_id in here else 0)
    picture = await pictured(interaction, lambda: recap_picture(status, presence, services.pictures, reader))
    embeds = [recap_embed(status, reader, pictured=picture is not None, top=False)]
    if visible.standings:
        embeds.append(render.places(visible.page, visible.standings, visible.own, reader))
    return Reply(tuple(embeds), tuple(buttons), picture)


async def _picture(interaction: discord.Interaction, visible: Visible, reader: Reader) -> Picture | None:
    page, standings, own = visible.page, visible.standings, visible.own
    if not standings:
        return None
    pictures, presence = services_of(interaction).pictures, presence_of(interaction.client)
    wanted = card.people_on(page, standings, own)
    people = await faces(presence, pictures, page.query.guild_id, wanted, reader)
    values = card.card(page, standings, own, people, reader)
    png = await pictures.leaderboard(values)
    return Picture("leaderboard.png", png, card.alt_text(values, reader)) if png else None


async def visible_page(services: Services, presence: Presence, query: BoardQuery) -> Visible:
    """Return the page of `query` among those who are still in the guild.

    The rows before it have to be walked to know who of them has left; who was seen lately is not asked for again.
    """
    rows: list[Standing] = []
    absent: list[int] = []
    number = 0
    while True:
        page = await services.leaderboards.leaderboard(replace(query, page=number))
        here = await _here(presence, query, page.leaderboard.standings)
        for standing in page.leaderboard.standings:
            if standing.subject_id in here:
                rows.append(_moved_up(standing, absent))
            else:
                absent.append(standing.place)
        number += 1
        if number >= page.pages or len(rows) >= (query.page + 1) * PAGE:
            break
    # The page that is asked for may have become empty since its button was drawn.
    start = min(query.page, max(0, (len(rows) - 1) // PAGE)) * PAGE
    own = page.leaderboard.own
    return Visible(page, tuple(rows[start : start + PAGE]), own and _moved_up(own, absent), len(absent))


async def _here(presence: Presence, query: BoardQuery, standings: tuple[Standing, ...]) -> set[int]:
    ids = [standing.subject_id for standing in standings]
    if query.board is Board.GIFTS:
        return set(ids)
    # 0 stands for members whose data was erased: they are counted, and not shown.
    return await presence.here(query.guild_id, (member_id for member_id in ids if member_id))


def _moved_up(standing: Standing, absent: list[int]) -> Standing:
    return replace(standing, place=standing.place - sum(place < standing.place for place in absent))
