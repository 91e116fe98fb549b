"""The gift picker: one panel for all doors that lead to a gift, the same after a restart.

Everything that was picked travels in the ids of its buttons and menus, the member's message in the panel itself.
Whatever they say is looked up again: they are wishes, and the books decide.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.errors import CreatorLeft
from bot.domain.money import MAX_COUNT, amount
from bot.domain.text import MESSAGE_LENGTH, clean
from bot.ui.answers import Mode, answer
from bot.ui.caller import channel_of, guild_of, services_of
from bot.ui.cross_links import OPEN_PICKER, shop_button
from bot.ui.membership import presence_of
from bot.ui.pages import turns
from bot.ui.parsing import parse_whole
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.views import Control, Form, picked_one, text_input
from cogs.gift import render, views
from cogs.gift.picker import render as picking
from cogs.gift.picker.render import OTHER, Choice, Pick


class Event(NamedTuple):
    """A live event."""

    event: int


class PickItem(Control[Pick], action="pick-item", ids=Pick):
    """Picks a gift."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show what it comes to."""
        await show(interaction, self.ids._replace(item=picked_one(interaction, "gift")), views.note_in(interaction))


class PickPage(Control[Pick], action="pick-page", ids=Pick):
    """Turns the menu of gifts."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        await show(interaction, self.ids, views.note_in(interaction))


class PickCount(Control[Pick], action="pick-count", ids=Pick):
    """Picks how many."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show what that comes to, or ask for a number that is not in the menu."""
        count = picked_one(interaction, "gift")
        if count == OTHER:
            await interaction.response.send_modal(
                CountForm(self.ids, views.note_in(interaction), Reader.of(interaction))
            )
            return
        await show(interaction, self.ids._replace(pieces=amount(count, highest=MAX_COUNT)), views.note_in(interaction))


class PickMessage(Control[Pick], action="pick-note", ids=Pick):
    """Opens the form for a message."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the form, filled with what is written so far."""
        await interaction.response.send_modal(NoteForm(self.ids, views.note_in(interaction), Reader.of(interaction)))


class PickAnonymous(Control[Pick], action="pick-anonymous", ids=Pick):
    """Puts the mask on, or takes it off."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show whether the name is hidden."""
        await show(interaction, self.ids._replace(anonymous=1 - min(self.ids.anonymous, 1)), views.note_in(interaction))


class PickSend(Control[Choice], action="pick-send", ids=Choice):
    """Sends what is picked for the price on it, or asks first if it is a large gift."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Send it, once: however often the button is pressed, the intent is the same."""
        reader, services, ids = Reader.of(interaction), services_of(interaction), self.ids

        async def send() -> Reply:
            request = await views.request_of(interaction, ids, channel_of(interaction))
            return await views.give(services, request, ids.intent, reader)

        found = guild_of(interaction), views.key_of(ids.intent, interaction.user.id), reader
        await answer(interaction, send, Mode.UPDATE, recorded=lambda: views.recorded(services, *found))


class PickCreator(Control[Pick], action="pick-creator", ids=Pick):
    """Picks one of the creators of a live event."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Go on with the gift."""
        await show(interaction, self.ids._replace(creator=picked_one(interaction, "creator")))


class OpenForEvent(Control[Event], action=OPEN_PICKER, ids=Event):
    """The button of a live event's board: opens a picker of one's own."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Ask for whom if there are several creators."""

        async def begin() -> Reply:
            found = await services_of(interaction).gifts.creators_of(guild_of(interaction), self.ids.event)
            creators = [creator for creator in found if creator != interaction.user.id] or list(found)
            if len(creators) == 1:
                return await picker(interaction, started(interaction, creators[0]))
            return await _whose(interaction, creators)

        await answer(interaction, begin)


class CountForm(Form):
    """Asks for any number."""

    def __init__(self, pick: Pick, note: str, reader: Reader) -> None:
        super().__init__(reader._("How many?"))
        self._pick, self._note = pick, note
        self.count = text_input(str(pick.pieces), longest=2)
        hint = reader._("1 to {most}", most=reader.number(MAX_COUNT))
        self.add_item(ui.Label(text=reader._("How many?"), description=hint, component=self.count))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Show what that comes to; called by discord.py."""
        count = amount(parse_whole(self.count.value, MAX_COUNT), highest=MAX_COUNT)
        await show(interaction, self._pick._replace(pieces=count), self._note)


class NoteForm(Form):
    """Asks for the message."""

    def __init__(self, pick: Pick, note: str, reader: Reader) -> None:
        super().__init__(reader._("Your message"))
        self._pick = pick
        self.note: ui.TextInput[Any] = ui.TextInput(
            style=discord.TextStyle.paragraph, default=note or None, max_length=MESSAGE_LENGTH, required=False
        )
        hint = reader._("Shown with the gift. Leave it empty for no message.")
        self.add_item(ui.Label(text=reader._("Your message"), description=hint, component=self.note))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Show the message; called by discord.py."""
        await show(interaction, self._pick, clean(self.note.value, MESSAGE_LENGTH))


def started(interaction: discord.Interaction, creator_id: int, message_id: int = 0) -> Pick:
    """Return where a picker starts that `interaction` opens."""
    return Pick(interaction.user.id, creator_id, 0, 1, 0, message_id, 0, interaction.id)


async def show(interaction: discord.Interaction, pick: Pick, note: str = "") -> None:
    """Show the picker in place of what it was."""
    await answer(interaction, lambda: picker(interaction, pick, note), Mode.UPDATE)


async def picker(interaction: discord.Interaction, pick: Pick, note: str = "") -> Reply:
    """Return the picker; raise what keeps the caller from gifting this creator."""
    reader = Reader.of(interaction)
    offer = await services_of(interaction).gifts.offer(guild_of(interaction), interaction.user.id, pick.creator)
    options, page, of_pages = picking.items(pick, offer, reader)
    pick = pick._replace(page=page, pieces=amount(pick.pieces, highest=MAX_COUNT))
    if not options:
        return reply(render.nothing_to_send(reader))
    chosen = picking.item_of(pick, offer)
    coins = chosen.price * pick.pieces if chosen else 0
    affordable = coins <= offer.balance
    send = PickSend.button(
        Choice(*pick, coins),
        reader._("Send for {coins}", coins=reader.coin(coins)) if chosen else reader._("Pick a gift"),
        discord.ButtonStyle.success,
        disabled=chosen is None or not affordable,
        row=3,
    )
    mask = reader._("Show my name") if pick.anonymous else reader._("Stay anonymous")
    parts: list[ui.Item[Any]] = [
        PickItem.select(pick, options, reader._("Pick a gift"), row=0),
        PickCount.select(pick, picking.counts(pick, chosen, reader), reader._("How many?"), row=1),
        *turns(lambda number: PickPage.id_for(pick._replace(page=number)), reader, page, of_pages, row=2),
        PickMessage.button(
            pick, reader._("Change the message") if note else reader._("Add a message"), emoji="✏️", row=2
        ),
        PickAnonymous.button(pick, mask, emoji="🎭", row=2),
        send,
        views.Close.button(views.Closing(pick.owner, pick.intent), reader._("Cancel"), row=3),
    ]
    if not affordable:
        shop = shop_button(reader)
        shop.row = 3
        parts.append(shop)
    return reply(picking.panel(pick, offer, note, reader), parts)


async def _whose(interaction: discord.Interaction, creators: Sequence[int]) -> Reply:
    reader = Reader.of(interaction)
    # Remembered: a board's button is pressed by many at once.
    seen = await presence_of(interaction.client).seen(guild_of(interaction), creators)
    names = [(creator, seen[creator].name or str(creator)) for creator in creators if seen[creator].here]
    if not names:
        raise CreatorLeft(creators[0])
    embed, options = picking.whose(names, reader)
    return reply(embed, [PickCreator.select(started(interaction, 0), options, reader._("Pick a creator"))])
