"""The gift picker: one panel, which survives restarts, for every way to a gift.

What was picked travels in the ids of its buttons and menus, and the member's message in the panel itself. None of that
is trusted: it is looked up again, and the books decide.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import discord
from discord import ui

from bot.domain.errors import CreatorLeft
from bot.domain.money import MAX_COUNT, amount
from bot.domain.text import MESSAGE_LENGTH, clean
from bot.services.gifts import SendableGifts
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Item
from bot.ui.kit.controls import Control, Form, NoIds, picked_one, text_input
from bot.ui.kit.cross_links import OPEN_GIFT, OPEN_PICKER, OPEN_PICKER_FOR, budget_button
from bot.ui.kit.open_pickers import open_pickers, uses_picker
from bot.ui.kit.pages import turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.gift import top_ups, views
from cogs.gift.picker import render
from cogs.gift.picker.opening import opens_picker
from cogs.gift.picker.render import OTHER, UNDECIDED, PickedGiftIds, PickerIds
from cogs.gift.render import nobody_to_gift, nothing_to_send


class PickerEventIds(NamedTuple):
    """A live event."""

    event: int


class CreatorIds(NamedTuple):
    """A creator, and the gift that was meant for somebody else; item 0 stands for none."""

    creator: int
    item: int = 0
    quantity: int = 1


class PickItem(Control[PickerIds], action="pick-item", ids=PickerIds):
    """Picks a gift."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await picker(caller, self.ids._replace(item=picked_one(caller, "gift")), caller.note)


class PickPage(Control[PickerIds], action="pick-page", ids=PickerIds):
    """Turns the menu of gifts."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await picker(caller, self.ids, caller.note)


class PickCount(Control[PickerIds], action="pick-count", ids=PickerIds):
    """Picks how many, or opens the form for a number that is not in the menu."""

    async def press(self, interaction: discord.Interaction, /) -> None:
        is_other = picked_one(Caller(interaction), "gift") == OTHER
        await (self._open_form(interaction) if is_other else self._pick(interaction))

    @opens
    async def _open_form(self, caller: Caller) -> Form:
        return CountForm(self.ids, caller.note, caller.reader)

    @replies(Mode.UPDATE)
    async def _pick(self, caller: Caller) -> Reply:
        count = amount(picked_one(caller, "gift"), highest=MAX_COUNT)
        return await picker(caller, self.ids._replace(quantity=count), caller.note)


class PickMessage(Control[PickerIds], action="pick-note", ids=PickerIds):
    """Opens the form for a message, filled with the text so far."""

    @opens
    async def press(self, caller: Caller) -> Form:
        return NoteForm(self.ids, caller.note, caller.reader)


class PickAnonymous(Control[PickerIds], action="pick-anonymous", ids=PickerIds):
    """Makes the gift anonymous, or takes that back."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids = self.ids._replace(anonymous=1 - min(self.ids.anonymous, 1))
        return await picker(caller, ids, caller.note)


class PickSend(Control[PickedGiftIds], action="pick-send", ids=PickedGiftIds):
    """Sends what is picked, for the price on the button, or asks first if it is a large gift.

    However often the button is pressed, the intent is the same, so only one gift is sent.
    """

    async def _sent(self, caller: Caller) -> Reply | None:
        return await views.receipt_of(caller, views.key_of(self.ids.intent))

    def _mode(self, caller: Caller) -> Mode:
        # A newer picker may have taken this one away while the press was on its way, and nobody would see a receipt
        # that is put in its place.
        return Mode.UPDATE if open_pickers(caller.interaction).has(self.ids.intent) else Mode.PRIVATE

    def _picker(self, _interaction: discord.Interaction) -> int:
        return self.ids.intent

    @uses_picker(_picker)
    @replies(_mode, recorded=_sent)
    async def press(self, caller: Caller) -> Reply:
        key = views.key_of(self.ids.intent)
        command = await views.command_of(caller, self.ids, key, caller.channel_id, asks_first=True)
        return await views.give(caller, command, self.ids.intent)


class PickCreator(Control[PickerIds], action="pick-creator", ids=PickerIds):
    """Picks one of the creators of a live event."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await picker(caller, self.ids._replace(creator=picked_one(caller, "creator")))


class OpenForEvent(Control[PickerEventIds], action=OPEN_PICKER, ids=PickerEventIds):
    """The button of a live event's board: opens a picker for the presser."""

    @opens_picker
    async def press(self, caller: Caller) -> Reply:
        creator_ids = await caller.services.gifts.creators_of(caller.guild_id, self.ids.event)
        # Nobody can gift themselves. A creator who is live alone is refused by the picker.
        receivers = [creator_id for creator_id in creator_ids if creator_id != caller.member_id] or [*creator_ids]
        return await _for_one_of(caller, receivers)


class OpenForAnyone(Control[NoIds], action=OPEN_GIFT, ids=NoIds):
    """The button below a receipt: opens a picker that offers everybody who can receive gifts."""

    @opens_picker
    async def press(self, caller: Caller) -> Reply:
        return await open_picker(caller)


class OpenForCreator(Control[CreatorIds], action=OPEN_PICKER_FOR, ids=CreatorIds):
    """The button of a creator, below a refusal: opens a picker for them."""

    @opens_picker
    async def press(self, caller: Caller) -> Reply:
        if not await caller.membership.is_member(caller.guild_id, self.ids.creator):
            raise CreatorLeft(self.ids.creator)
        pick = started(caller, self.ids.creator)
        return await picker(caller, pick._replace(item=self.ids.item, quantity=max(1, self.ids.quantity)))


class CountForm(Form):
    """Asks for any number."""

    def __init__(self, pick: PickerIds, note: str, reader: Reader) -> None:
        super().__init__(reader._("How many?"))
        self._pick, self._note = pick, note
        self.count = text_input(str(pick.quantity), longest=2)
        hint = reader._("1 to {most}", most=reader.number(MAX_COUNT))
        self.add_item(ui.Label(text=reader._("How many?"), description=hint, component=self.count))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        count = amount(parse_whole(self.count.value, MAX_COUNT), highest=MAX_COUNT)
        return await picker(caller, self._pick._replace(quantity=count), self._note)


class NoteForm(Form):
    """Asks for the message."""

    def __init__(self, pick: PickerIds, note: str, reader: Reader) -> None:
        super().__init__(reader._("Change the message") if note else reader._("Add a message"))
        self._pick = pick
        self.note = text_input(note, longest=MESSAGE_LENGTH, required=False, is_long=True)
        hint = reader._("Shown with the gift. Leave it empty for no message.")
        self.add_item(ui.Label(text=reader._("Your message"), description=hint, component=self.note))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        return await picker(caller, self._pick, clean(self.note.value, MESSAGE_LENGTH))


def started(caller: Caller, creator_id: int, message_id: int = 0) -> PickerIds:
    """Return the ids of a new picker, opened by this call, in which nothing is picked yet."""
    return PickerIds(
        owner=caller.member_id,
        creator=creator_id,
        item=0,
        quantity=1,
        anonymous=UNDECIDED,
        message=message_id,
        page=0,
        intent=caller.call_id,
    )


async def open_picker(caller: Caller, item_id: int = 0) -> Reply:
    """Return a picker that offers everybody who can receive gifts, with an item if one is already picked."""
    receivers = await caller.services.gifts.receivers(caller.guild_id, caller.member_id)
    return await _for_one_of(caller, receivers, item_id) if receivers else reply(nobody_to_gift(caller.reader))


async def _for_one_of(caller: Caller, receivers: Sequence[int], item_id: int = 0) -> Reply:
    """Return the picker for the only receiver, or the question which of them the gift is for."""
    if len(receivers) == 1:
        return await picker(caller, started(caller, receivers[0])._replace(item=item_id))
    return await _creator_menu(caller, receivers, item_id)


async def picker(caller: Caller, pick: PickerIds, note: str = "") -> Reply:
    """Return the picker; raise what keeps the caller from gifting this creator."""
    reader = caller.reader
    offer = await caller.services.gifts.offer(caller.guild_id, caller.member_id, pick.creator, pick.message)
    options, page, of_pages = render.items(pick, offer, reader)
    is_anonymous = offer.is_anonymous if pick.anonymous == UNDECIDED else pick.anonymous > 0
    # Ids come from outside, and may hold any number.
    quantity = amount(pick.quantity, highest=MAX_COUNT)
    pick = pick._replace(page=page, quantity=quantity, anonymous=int(is_anonymous))
    if not options:
        return reply(nothing_to_send(reader, on_message=bool(pick.message)))
    item = render.item_of(pick, offer)
    coins = item.price * pick.quantity if item else 0
    affordable = coins <= offer.balance
    send = PickSend.button(
        PickedGiftIds(*pick, ceiling=coins),
        reader._("Send for {coins}", coins=reader.coin(coins, plain=True)) if item else reader._("Pick a gift"),
        discord.ButtonStyle.success,
        disabled=item is None or offer.is_locked(item) or not affordable or offer.is_over_budget(coins),
        row=4,
    )
    mask = reader._("Show my name") if pick.anonymous else reader._("Stay anonymous")
    parts: list[Item] = [
        # Shortcuts would throw away what has been picked or written.
        *([] if item or note else habit_buttons(pick, offer, reader)),
        PickItem.select(pick, options, reader._("Pick a gift"), row=1),
        PickCount.select(pick, render.counts(pick, item, offer.package, reader), reader._("How many?"), row=2),
        *turns(PickPage, pick, of_pages, reader, row=3),
        PickMessage.button(
            pick, reader._("Change the message") if note else reader._("Add a message"), emoji="✏️", row=3
        ),
        PickAnonymous.button(pick, mask, emoji="🎭", row=3),
        send,
        views.Close.button(views.ClosingIds(owner=pick.owner, intent=pick.intent), reader._("Cancel"), row=4),
    ]
    remedy = ""
    if not offer.is_over_budget(coins) and (not affordable or offer.balance < offer.items[0].price):
        # A member who is short of coins gets a way to buy some, instead of a button that just stays grey.
        command = top_ups.command_of(caller, pick if not affordable else pick._replace(item=0), note, coins)
        buttons, remedy = await top_ups.ways(caller, command)
        parts += [replace(button, row=4) for button in buttons]
    elif item is not None and offer.is_over_budget(coins):
        parts.append(replace(budget_button(reader), row=4))
    return reply(render.panel(pick, offer, note, reader, remedy), parts, asks=True)


def habit_buttons(pick: PickerIds, offer: SendableGifts, reader: Reader) -> list[Item]:
    """Return the buttons that send what the member sent last, or sends most often, without picking anything."""
    return [
        PickSend.button(
            PickedGiftIds(
                *pick._replace(item=habit.item.item_id, quantity=habit.quantity, anonymous=int(habit.anonymous)),
                ceiling=habit.item.price * habit.quantity,
            ),
            render.habit_label(habit, offer.package, reader),
            discord.ButtonStyle.success,
            emoji=habit.item.emoji,
            row=0,
        )
        for habit in offer.habits
        if not offer.is_over_budget(habit.item.price * habit.quantity)
    ]


async def _creator_menu(caller: Caller, creator_ids: Sequence[int], item_id: int) -> Reply:
    reader = caller.reader
    # Read from memory, because many press a board's button at once.
    profiles = await caller.membership.profiles(caller.guild_id, creator_ids)
    names = [(user_id, profile.name or str(user_id)) for user_id, profile in profiles.items() if profile.is_member]
    if not names:
        raise CreatorLeft(creator_ids[0])
    card, options = render.whose(names, reader)
    pick = started(caller, creator_id=0)._replace(item=item_id)
    return reply(card, [PickCreator.select(pick, options, reader._("Pick a creator"))], asks=True)
