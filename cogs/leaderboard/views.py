"""The panel of a leaderboard and its pages."""

from functools import partial
from typing import Any, NamedTuple

from discord import ui

from bot.domain.live import LiveEvent
from bot.domain.periods import Period
from bot.domain.standings import PUBLIC_BOARDS
from bot.services.leaderboards import BoardQuery
from bot.services.visible_leaderboard import VisiblePage, visible_page, visible_recap
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control
from bot.ui.kit.pages import turns
from bot.ui.kit.replies import Picture, Reply, reply
from bot.ui.looks.portraits import portraits
from bot.ui.looks.recap import recap_embed, recap_picture
from bot.ui.text.reader import Reader
from cogs.leaderboard import card, render

_PERIODS = tuple(Period)


class BoardIds(NamedTuple):
    """A page of a board, as `viewer` opened it. `board` and `period` are places in their enums, `fans` 0 for none."""

    viewer: int
    board: int
    period: int
    fans: int
    page: int


class Turn(Control[BoardIds], action="board-page", ids=BoardIds):
    """Turns a leaderboard's pages. Anybody but whoever asked for the board gets the page in a reply of their own."""

    def _is_viewer(self, caller: Caller) -> bool:
        return caller.member_id == self.ids.viewer

    def _mode(self, caller: Caller) -> Mode:
        return Mode.UPDATE if self._is_viewer(caller) else Mode.PRIVATE

    @replies(_mode)
    async def press(self, caller: Caller) -> Reply:
        ids = self.ids
        query = BoardQuery(
            guild_id=caller.guild_id,
            board=PUBLIC_BOARDS[ids.board % len(PUBLIC_BOARDS)],
            period=_PERIODS[ids.period % len(_PERIODS)],
            viewer_id=caller.member_id,
            channel_id=caller.channel_id,
            fans_of=ids.fans or None,
            page=ids.page,
        )
        return await board(caller, query, caller.guild_reader if self._is_viewer(caller) else caller.reader)


async def default_period(caller: Caller) -> Period:
    """Return the period of whoever names none: the live event if one is running in the channel, else this week."""
    running = await caller.services.live.running(caller.guild_id)
    return Period.LIVE if any(event.channel_id == caller.channel_id for event in running) else Period.WEEK


async def board(caller: Caller, query: BoardQuery, reader: Reader) -> Reply:
    """Return one page of a leaderboard with the buttons to turn it."""
    page = await visible_page(caller.services.leaderboards, caller.membership, query)
    ids = BoardIds(
        viewer=query.viewer_id,
        board=PUBLIC_BOARDS.index(query.board),
        period=_PERIODS.index(query.period),
        fans=query.fans_of or 0,
        page=page.number,
    )
    buttons = turns(Turn, ids, page.pages, reader)
    if page.recap_event is not None:
        return await _recap(caller, page.recap_event, page, buttons, reader)
    picture = await pictured(caller, partial(_picture, caller, page, reader))
    embed = render.board(page.board, page.standings, page.own, reader, pictured=picture is not None)
    return reply(embed, buttons, picture)


async def _recap(
    caller: Caller, event: LiveEvent, page: VisiblePage, buttons: list[ui.Item[Any]], reader: Reader
) -> Reply:
    """Return the recap of a live event with the places of its gifters below."""
    services, membership = caller.services, caller.membership
    status = await visible_recap(services.live_displays, membership, event, page)
    picture = await pictured(caller, partial(recap_picture, status, membership, services.pictures, reader))
    embeds = [recap_embed(status, reader, pictured=picture is not None, top=False)]
    if page.standings:
        embeds.append(render.places(page.board, page.standings, page.own, reader))
    return Reply(tuple(embeds), tuple(buttons), picture)


async def _picture(caller: Caller, page: VisiblePage, reader: Reader) -> Picture | None:
    if not page.standings:
        return None
    pictures = caller.services.pictures
    member_ids = card.people_on(page.board, page.standings, page.own)
    people = await portraits(caller.membership, pictures, caller.guild_id, member_ids, reader)
    values = card.card(page.board, page.standings, page.own, people, reader)
    png = await pictures.leaderboard(values)
    return Picture("leaderboard.png", png, card.alt_text(values, reader)) if png else None
