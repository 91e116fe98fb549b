"""Statements of earnings, by month and by year, each as a card, a picture and a file."""

from functools import partial
from typing import Final, NamedTuple

from bot.domain.statements import Month, Statement, YearFile
from bot.domain.text import clean
from bot.services.statements import Statements
from bot.ui.kit import access
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Document, Picture
from bot.ui.kit.components import Button, Option
from bot.ui.kit.controls import Control, picked_one
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.portraits import NAME
from bot.ui.text.reader import Reader
from cogs.creator import statement_files, statement_render

OF_OTHERS: Final = "creator earnings of others"
"""The row of the policy table for looking at what somebody else has earned."""

MENU_MONTHS: Final = 20
MENU_YEARS: Final = 5
"""How many months and years the menu offers, the latest."""

_FIRST_MONTH: Final = 1000_01
"""Codes below this are years."""


class StatementIds(NamedTuple):
    """A creator's statements, on the panel of `owner`."""

    owner: int
    creator: int


class OpenStatements(Control[StatementIds], action="statements", ids=StatementIds):
    """Opens the latest statement."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await statements(caller, self.ids, 0)


class PickStatement(Control[StatementIds], action="statement-pick", ids=StatementIds):
    """The menu of months and years."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await statements(caller, self.ids, picked_one(caller, "receipt"))


def button(owner: int, creator_id: int, reader: Reader) -> Button:
    """Return the button that opens a creator's statements."""
    return OpenStatements.button(StatementIds(owner, creator_id), reader._("Statements"), emoji="🧾")


async def statements(caller: Caller, ids: StatementIds, code: int) -> Reply:
    """Return the statement of a month or a year by its code, 0 for the latest month."""
    if ids.creator != caller.member_id:
        await access.require(caller, OF_OTHERS)
    overview = await caller.services.statements.of_creator(caller.guild_id, ids.creator)
    if not overview.by_month:
        return reply(statement_render.nothing(caller.reader))
    code = code or overview.by_month[-1].month.code
    content = overview.year(code) if code < _FIRST_MONTH else overview.of(Month.coded(code))
    picture = await pictured(caller, partial(_picture, caller, ids.creator, content))
    document = Document(statement_files.filename(content), statement_files.table(content))
    creator_id = None if ids.creator == caller.member_id else ids.creator
    terms = await caller.services.transfers.terms(caller.guild_id)
    card = statement_render.card(content, creator_id, picture, document, caller.reader, terms)
    return reply(card, [PickStatement.select(ids, _options(overview, code, caller.reader), caller.reader._("Period"))])


def _options(overview: Statements, code: int, reader: Reader) -> list[Option]:
    months = [each.month for each in reversed(overview.by_month)][:MENU_MONTHS]
    options = [Option(reader.month(month.first), month.code, default=month.code == code) for month in months]
    years = [*reversed(overview.years)][:MENU_YEARS]
    return [
        *options,
        *(Option(reader._("Year {year}", year=year), year, default=year == code) for year in years),
    ]


async def _picture(caller: Caller, creator_id: int, content: Statement | YearFile) -> Picture | None:
    profiles = await caller.membership.profiles(caller.guild_id, [creator_id])
    names = [clean(profiles[creator_id].name, NAME), clean(caller.guild.name, NAME) if caller.guild else ""]
    values = statement_render.picture(content, [name for name in names if name], caller.reader)
    png = await caller.services.pictures.statement(values)
    return Picture("statement.png", png, statement_render.alt_text(values, caller.reader)) if png else None
