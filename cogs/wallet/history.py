"""`/history`: a member's own entries in pages, what they spent, their purchases, any receipt of theirs, and a file."""

from typing import Any, NamedTuple

from discord import ui

from bot.domain.ids import HIGHEST
from bot.services.histories import FILE_ROWS
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Item, Menu, Option
from bot.ui.kit.controls import Control, Form, NoIds, OwnerIds, picked, text_input
from bot.ui.kit.cross_links import OPEN_HISTORY, withdraw_button
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.pages import PageIds, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import N_, Reader
from cogs.wallet import history_file, history_render

_LONGEST = len(str(HIGHEST))


class EntriesIds(NamedTuple):
    """The entries before row `before` on the panel of `owner`, or after row `after`; 0 for the newest."""

    owner: int
    before: int
    after: int


class ViewIds(NamedTuple):
    """A view on the panel of `owner`, by its number in VIEWS."""

    owner: int
    view: int


class FileIds(NamedTuple):
    """The file of what `owner` has in their history before row `before`, 0 for all."""

    owner: int
    before: int


class OpenHistory(Control[NoIds], action=OPEN_HISTORY, ids=NoIds):
    """Opens the presser's history in a reply of its own."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await history(caller)


class TurnHistory(Control[EntriesIds], action="history", ids=EntriesIds):
    """Turns the pages of the entries."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await history(caller, before=self.ids.before, after=self.ids.after)


class PickView(Control[ViewIds], action="history-view", ids=ViewIds):
    """The menu of views. An earlier version had a button for each, which stand on panels that are still open."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        number = next(iter(picked(caller, "receipt")), self.ids.view)
        return await VIEWS.thing(number).show(caller)


class TurnPurchases(Control[PageIds], action="history-orders", ids=PageIds):
    """Turns the pages of the purchases."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await purchases(caller, self.ids.page)


class FindReceipt(Control[OwnerIds], action="history-find", ids=OwnerIds):
    """Opens the form that asks for the number of a receipt."""

    @opens
    async def press(self, caller: Caller) -> Form:
        return ReceiptForm(caller.reader)


class SaveHistory(Control[FileIds], action="history-file", ids=FileIds):
    """Sends the history as a file."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        histories = caller.services.histories
        lines = await histories.file(caller.guild_id, caller.member_id, self.ids.before or None)
        card, last_seq = history_file.card(lines, caller.reader), lines[-1].seq if lines else 0
        is_cut = len(lines) == FILE_ROWS
        older = [SaveHistory.button(FileIds(caller.member_id, last_seq), caller.reader._("Older entries"), emoji="📄")]
        return reply(card, older if is_cut else [])


class ReceiptForm(Form):
    """Asks for the number of a receipt."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader._("Find a receipt"))
        self.number: ui.TextInput[Any] = text_input("", longest=_LONGEST + 1)
        hint = reader._("The number behind the # on a receipt of yours")
        self.add_item(ui.Label(text=reader._("Number"), description=hint, component=self.number))

    @replies()
    async def on_submit(self, caller: Caller) -> Reply:
        seq = parse_whole(self.number.value.strip().removeprefix("#"), HIGHEST)
        line = await caller.services.histories.receipt(caller.guild_id, caller.member_id, seq)
        possible = dict(await caller.services.withdrawals.possible(caller.guild_id, caller.member_id))
        items: list[Item] = []
        if (order_id := possible.get(seq)) is not None:
            items.append(withdraw_button(caller.member_id, order_id, caller.reader._("Withdraw here")))
        return reply(history_render.receipt(line, caller.reader), items)


async def history(caller: Caller, *, before: int = 0, after: int = 0) -> Reply:
    """Return a page of the caller's entries."""
    page = await caller.services.histories.entries(
        caller.guild_id, caller.member_id, before=before or None, after=after or None
    )
    if not page.lines and (before or after):
        # Nothing is there, so no button could say from where to go on.
        return await history(caller)
    owner, reader = caller.member_id, caller.reader
    items: list[Item] = [_views(ENTRIES, owner, reader)]
    if page.has_newer or page.has_older:
        newest, oldest = (page.lines[place].seq if page.lines else 0 for place in (0, -1))
        newer = EntriesIds(owner, 0, newest)
        older = EntriesIds(owner, oldest, 0)
        items += [
            TurnHistory.button(newer, reader._("Newer"), emoji="◀️", disabled=not page.has_newer, row=1),
            TurnHistory.button(older, reader._("Older"), emoji="▶️", disabled=not page.has_older, row=1),
        ]
    items += [
        FindReceipt.button(OwnerIds(owner), reader._("Find a receipt"), emoji="🔎", row=2),
        SaveHistory.button(FileIds(owner, 0), reader._("Save as a file"), emoji="📄", row=2),
    ]
    return reply(history_render.entries(page.lines, reader), items)


async def months(caller: Caller) -> Reply:
    """Return what the caller spent by month."""
    sums = await caller.services.histories.months(caller.guild_id, caller.member_id)
    return reply(history_render.months(sums, caller.reader), [_views(MONTHS, caller.member_id, caller.reader)])


async def creators(caller: Caller) -> Reply:
    """Return what the caller spent by creator."""
    sums = await caller.services.histories.creators(caller.guild_id, caller.member_id)
    return reply(history_render.creators(sums, caller.reader), [_views(CREATORS, caller.member_id, caller.reader)])


async def purchases(caller: Caller, page: int = 0) -> Reply:
    """Return a page of the caller's purchases, each with a button to withdraw if that is possible."""
    owner, reader = caller.member_id, caller.reader
    of_page, page, pages = await caller.services.histories.purchases(caller.guild_id, owner, page)
    possible = {order_id for _, order_id in await caller.services.withdrawals.possible(caller.guild_id, owner)}
    buttons = {
        order_id: withdraw_button(owner, order_id, reader._("Withdraw here"))
        for order_id in (purchase.order.order_id for purchase in of_page)
        if order_id in possible
    }
    items = [_views(PURCHASES, owner, reader), *turns(TurnPurchases, PageIds(owner, page), pages, reader, row=1)]
    return reply(history_render.purchases(of_page, buttons, page, pages, reader), items)


class View(NamedTuple):
    """A view of the history: what it is called in the menu, and what shows it."""

    name: str
    emoji: str
    show: Any


ENTRIES, MONTHS, CREATORS, PURCHASES = range(4)

VIEWS: Numbers[View] = Numbers(
    {
        ENTRIES: View(N_("Entries"), "🧾", history),
        MONTHS: View(N_("By month"), "📅", months),
        CREATORS: View(N_("By creator"), "💝", creators),
        PURCHASES: View(N_("Purchases"), "🛒", purchases),
    }
)


def _views(current: int, owner: int, reader: Reader) -> Menu:
    """Return the menu of views."""
    options = [
        Option(reader._(view.name), number, emoji=view.emoji, default=number == current) for number, view in VIEWS
    ]
    return PickView.select(ViewIds(owner, current), options, reader._("What do you want to see?"), row=0)
