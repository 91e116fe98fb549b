"""The panel of a leaderboard and its pages."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import discord
from discord import ui

from bot.domain.leaderboards import PUBLIC_BOARDS, Board
from bot.domain.live import LiveEvent
from bot.domain.periods import Period
from bot.services.leaderboards import BoardQuery, PastPeriods
from bot.services.visible_leaderboard import VisiblePage, visible_around, visible_page, visible_recap
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Picture
from bot.ui.kit.components import Item, Option
from bot.ui.kit.controls import Control, Form, NoIds, picked_one, text_input
from bot.ui.kit.cross_links import OPEN_BOARD
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.pages import turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import periods
from bot.ui.looks.leaderboards import TITLES, alt_text, people_on
from bot.ui.looks.leaderboards import card as board_card
from bot.ui.looks.portraits import portraits
from bot.ui.looks.recap import recap_of, recap_picture
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import NoFans
from cogs.leaderboard import render

BOARDS = Numbers(dict(enumerate(PUBLIC_BOARDS)))


class BoardIds(NamedTuple):
    """A page of a board, as `viewer` opened it. `board` and `period` are numbers, `fans` is 0 for none."""

    viewer: int
    board: int
    period: int
    fans: int
    page: int


class OnBoard:
    """A button or menu of a leaderboard. Anybody but the member who asked for the board gets a copy of their own."""

    ids: BoardIds

    def mode(self, caller: Caller) -> Mode:
        return Mode.UPDATE if caller.member_id == self.ids.viewer else Mode.PRIVATE

    async def show(self, caller: Caller, ids: BoardIds, *, is_around: bool = False) -> Reply:
        """Return the board that `ids` name, in the language of those who see it; the part around the caller's own
        place if it `is_around`."""
        query = BoardQuery(
            guild_id=caller.guild_id,
            board=BOARDS.thing(ids.board),
            period=periods.numbered(ids.period),
            viewer_id=caller.member_id,
            channel_id=caller.channel_id,
            fans_of=ids.fans or None,
            page=ids.page,
        )
        # A copy for one member speaks their language, and a board in the channel the guild's.
        message = caller.interaction.message
        is_public = self.mode(caller) is Mode.UPDATE and not (message and message.flags.ephemeral)
        reader = caller.guild_reader if is_public else caller.reader
        return await (around(caller, query, reader) if is_around else board(caller, query, reader))


class TurnLeaderboard(OnBoard, Control[BoardIds], action="board-page", ids=BoardIds):
    """Turns a leaderboard's pages."""

    @replies(OnBoard.mode)
    async def press(self, caller: Caller) -> Reply:
        return await self.show(caller, self.ids)


class ShowAround(OnBoard, Control[BoardIds], action="board-around", ids=BoardIds):
    """Shows the presser's place, and who is around it."""

    @replies(OnBoard.mode)
    async def press(self, caller: Caller) -> Reply:
        return await self.show(caller, self.ids._replace(page=0), is_around=True)


class PickBoard(OnBoard, Control[BoardIds], action="board-board", ids=BoardIds):
    """The menu of boards. Only gifters can be somebody's fans, so the other boards are about everybody."""

    @replies(OnBoard.mode)
    async def press(self, caller: Caller) -> Reply:
        number = picked_one(caller, "leaderboard")
        is_gifters = number == BOARDS.of(Board.GIFTERS)
        return await self.show(caller, self.ids._replace(board=number, fans=self.ids.fans if is_gifters else 0, page=0))


class PickPeriod(OnBoard, Control[BoardIds], action="board-period", ids=BoardIds):
    """The menu of periods, which also leads to the form for any month or day."""

    async def press(self, interaction: discord.Interaction, /) -> None:
        is_other = picked_one(Caller(interaction), "leaderboard") == periods.OTHER
        await (self._open_form(interaction) if is_other else self._pick(interaction))

    @opens
    async def _open_form(self, caller: Caller) -> Form:
        return PeriodForm(self.ids, caller.reader)

    @replies(OnBoard.mode)
    async def _pick(self, caller: Caller) -> Reply:
        return await self.show(caller, self.ids._replace(period=picked_one(caller, "leaderboard"), page=0))


class PeriodForm(OnBoard, Form):
    """Asks for a month or a day."""

    def __init__(self, ids: BoardIds, reader: Reader) -> None:
        super().__init__(reader._("Leaderboard"))
        self.ids = ids
        self.period = text_input("", longest=periods.LONGEST)
        hint = reader._("Write a month like 2026\u201110, or a day like 2026\u201110\u201131.")
        self.add_item(ui.Label(text=reader._("Month or day"), description=hint, component=self.period))

    @replies(OnBoard.mode)
    async def on_submit(self, caller: Caller) -> Reply:
        period = periods.typed(self.period.value, caller.reader)
        return await self.show(caller, self.ids._replace(period=periods.number_of(period), page=0))


class OpenBoard(Control[NoIds], action=OPEN_BOARD, ids=NoIds):
    """The button of a live event's board and recap: opens a leaderboard of one's own."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        query = BoardQuery(
            guild_id=caller.guild_id,
            board=Board.GIFTERS,
            period=await default_period(caller, None),
            viewer_id=caller.member_id,
            channel_id=caller.channel_id,
        )
        return await board(caller, query, caller.reader)


async def default_period(caller: Caller, creator: discord.User | None) -> Period:
    """Return the default period: all time for a single creator; otherwise the live event that is running in the
    channel, if there is one; otherwise this week."""
    if creator is not None:
        return Period.ALL
    running = await caller.services.live.running(caller.guild_id)
    return Period.LIVE if any(event.channel_id == caller.channel_id for event in running) else Period.WEEK


async def board(caller: Caller, query: BoardQuery, reader: Reader, *, news: str = "") -> Reply:
    """Return one page of a leaderboard with the menus that lead to others. `news` says why it is not the one that was
    asked for."""
    page = await visible_page(caller.services.leaderboards, caller.shown_members, query)
    if page.own is not None and await _hides(caller, query.viewer_id):
        # Others read the message, too.
        page = replace(page, own=None)
    # Asked about only when the page is empty: a board with fans belongs to a creator anyway.
    if query.fans_of and not page.standings and not await _is_creator(caller, query.fans_of):
        raise NoFans(query.fans_of)
    ids = _ids_of(query, page.number)
    past = await caller.services.leaderboards.past_periods(caller.guild_id)
    controls = _controls(ids, page.pages, past, reader)
    if page.recap_event is not None:
        return await _recap(caller, page.recap_event, page, controls, reader)
    picture = await pictured(caller, partial(_picture, caller, page, reader))
    return reply(render.board(page.board, page.standings, page.own, reader, picture, news=news), controls)


async def around(caller: Caller, query: BoardQuery, reader: Reader) -> Reply:
    """Return the caller's place with those around it. A caller without a place gets the first page, which says so."""
    page = await visible_around(caller.services.leaderboards, caller.shown_members, query)
    if page is None or await _hides(caller, query.viewer_id):
        return await board(caller, query, reader, news=render.no_place(reader))
    ids = _ids_of(query, 0)
    past = await caller.services.leaderboards.past_periods(caller.guild_id)
    top = TurnLeaderboard.button(ids, reader._("To the top"), emoji="⏫", row=2)
    picture = await pictured(caller, partial(_picture, caller, page, reader))
    return reply(render.board(page.board, page.standings, page.own, reader, picture), [*_menus(ids, past, reader), top])


async def _hides(caller: Caller, member_id: int) -> bool:
    return bool(await caller.services.own_choices.hidden_among(caller.guild_id, [member_id]))


def _ids_of(query: BoardQuery, page: int) -> BoardIds:
    return BoardIds(
        viewer=query.viewer_id,
        board=BOARDS.of(query.board),
        period=periods.number_of(query.period),
        fans=query.fans_of or 0,
        page=page,
    )


def _menus(ids: BoardIds, past: PastPeriods, reader: Reader) -> list[Item]:
    boards = [Option(reader._(TITLES[board]), number, default=number == ids.board) for number, board in BOARDS]
    return [
        PickBoard.select(ids, boards, reader._("Leaderboard"), row=0),
        PickPeriod.select(ids, periods.options(periods.numbered(ids.period), past, reader), reader._("Period"), row=1),
    ]


def _controls(ids: BoardIds, pages: int, past: PastPeriods, reader: Reader) -> list[Item]:
    # Items have no place of anybody's, and on a single page everybody sees their own.
    has_places = pages > 1 and BOARDS.thing(ids.board) is not Board.GIFTS
    around_me = ShowAround.button(ids, reader._("Around me"), emoji="📍", row=2)
    menus, others = _menus(ids, past, reader), turns(TurnLeaderboard, ids, pages, reader, row=2)
    return [*menus, *others, *([around_me] if has_places else [])]


async def _is_creator(caller: Caller, member_id: int) -> bool:
    return await caller.services.creators.is_creator(caller.guild_id, member_id)


async def _recap(caller: Caller, event: LiveEvent, page: VisiblePage, controls: list[Item], reader: Reader) -> Reply:
    """Return the recap of a live event with the places of its gifters below."""
    services, membership = caller.services, caller.membership
    status = await visible_recap(services.live_displays, caller.shown_members, event, page)
    picture = await pictured(caller, partial(recap_picture, status, membership, services.pictures, reader))
    recap = recap_of(status, reader, picture, names_top=False)
    if page.standings:
        places = render.places(page.board, page.standings, page.own, reader)
        recap = replace(recap, parts=(*recap.parts, places))
    return reply(recap, controls)


async def _picture(caller: Caller, page: VisiblePage, reader: Reader) -> Picture | None:
    if not page.standings:
        return None
    pictures = caller.services.pictures
    member_ids = people_on(page.board, page.standings, page.own)
    people = await portraits(caller.membership, pictures, caller.guild_id, member_ids, reader)
    values = board_card(page.board, page.standings, page.own, people, reader)
    png = await pictures.leaderboard(values)
    return Picture("leaderboard.png", png, alt_text(values, reader)) if png else None
