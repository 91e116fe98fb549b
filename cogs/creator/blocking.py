"""`/creator block`: the members whose gifts, and the words in messages, that a creator does not want."""

from typing import NamedTuple

import discord
from discord import ui

from bot.domain.ledger.gift import facts_of
from bot.domain.note_words import MOST_WORDS, WORD_LENGTH
from bot.domain.receipts import Receipt
from bot.domain.text import shown
from bot.services.reception import Choices
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Item, Menu, Option
from bot.ui.kit.controls import Control, Form, OwnerIds, picked_one, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

COMMAND = "creator block"
LISTED = 20
"""The most blocks that the panel names, and that its menu offers to lift."""
MEMBER, ANONYMOUS = 0, 1


class LiftIds(NamedTuple):
    """The panel of `owner`, and one of its lists: blocked members, or senders of anonymous gifts."""

    owner: int
    which: int


class BlockMember(Control[OwnerIds], action="block-member", ids=OwnerIds):
    """Blocks the member who was picked."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await block(caller, picked_one(caller, "member"))


class LiftBlock(Control[LiftIds], action="block-lift", ids=LiftIds):
    """Lifts the block that was picked."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        reception, reader = caller.services.creators.reception, caller.reader
        if self.ids.which == ANONYMOUS:
            seq = picked_one(caller, "gift")
            await reception.unblock_anonymous(caller.guild_id, caller.member_id, seq)
            return await panel(caller, reader._("You've unblocked the sender of that anonymous gift."))
        member_id = picked_one(caller, "member")
        await reception.unblock(caller.guild_id, caller.member_id, member_id)
        member = mentions.member(member_id, reader)
        return await panel(caller, reader._("{member} can send you gifts again.", member=member))


class ListAnonymous(Control[OwnerIds], action="block-anonymous", ids=OwnerIds):
    """Shows the latest anonymous gifts, to block the sender of one."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        gifts = await caller.services.creators.reception.anonymous_gifts(caller.guild_id, caller.member_id)
        return anonymous_panel(gifts, caller.member_id, caller.reader)


class BlockAnonymous(Control[OwnerIds], action="block-sender", ids=OwnerIds):
    """Blocks the sender of the anonymous gift that was picked."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        seq = picked_one(caller, "gift")
        await caller.services.creators.reception.block_anonymous(caller.guild_id, caller.member_id, seq)
        reader = caller.reader
        news = reader._("Whoever sent that gift can't send you anonymous gifts any more. You won't learn who it was.")
        return await panel(caller, news)


class BackToBlocks(Control[OwnerIds], action="block-list", ids=OwnerIds):
    """Leads back to the panel."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await panel(caller)


class EditWords(Control[OwnerIds], action="block-words", ids=OwnerIds):
    """Opens the form for words."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        choices = await caller.services.creators.reception.choices(caller.guild_id, caller.member_id)
        return WordsForm(choices.words, caller.reader)


class WordsForm(Form):
    """Asks for the words that no message may have."""

    command = COMMAND

    def __init__(self, words: tuple[str, ...], reader: Reader) -> None:
        super().__init__(reader._("Words you don't want to read"))
        longest = MOST_WORDS * (WORD_LENGTH + 1)
        self.words = text_input("\n".join(words), longest=longest, required=False, is_long=True)
        hint = reader._("One word or phrase per line. A message with one of them is refused, and nothing is charged.")
        self.add_item(ui.Label(text=reader._("Words"), description=hint, component=self.words))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        lines = self.words.value.splitlines()
        await caller.services.creators.reception.choose_words(caller.guild_id, caller.member_id, lines)
        return await panel(caller)


async def block(caller: Caller, member_id: int) -> Reply:
    """Block a member, and return the panel."""
    await caller.services.creators.reception.block(caller.guild_id, caller.member_id, member_id)
    member = mentions.member(member_id, caller.reader)
    return await panel(caller, caller.reader._("{member} can't send you gifts any more.", member=member))


async def panel(caller: Caller, news: str = "") -> Reply:
    """Return what the caller has blocked, below the `news`."""
    choices = await caller.services.creators.reception.choices(caller.guild_id, caller.member_id)
    profiles = await caller.membership.profiles(caller.guild_id, [each.member_id for each in choices.members[:LISTED]])
    names = {member_id: profile.name for member_id, profile in profiles.items()}
    return panel_of(choices, names, caller.member_id, caller.reader, news)


def panel_of(choices: Choices, names: dict[int, str], owner: int, reader: Reader, news: str = "") -> Reply:
    """Return the panel; `names` are those of the blocked members."""
    intro = reader._("Gifts you block are refused before anybody is charged. Only whoever sends one is told.")
    parts = [Part("\n".join(filter(None, [f"**{news}**" if news else "", intro])))]
    members = [f"- {mentions.member(each.member_id, reader)}" for each in choices.members[:LISTED]]
    parts.append(Part("\n".join(members) or reader._("Nobody"), heading="🚫 " + reader._("Members you've blocked")))
    if choices.anonymous:
        gifts = [f"- {_gift(gift, reader)}" for gift in choices.anonymous[:LISTED]]
        heading = "🎭 " + reader._("Senders of these anonymous gifts")
        parts.append(Part("\n".join(gifts), heading=heading))
    words = reader.listed([f"||{shown(word)}||" for word in choices.words]) if choices.words else reader._("None")
    parts.append(Part(words, heading="💬 " + reader._("Words you don't want to read")))
    card = Card(theme.ROSE, tuple(parts), title="🚫 " + reader._("Blocked"))
    return reply(card, _items(choices, names, owner, reader))


def _items(choices: Choices, names: dict[int, str], owner: int, reader: Reader) -> list[Item]:
    ids = OwnerIds(owner)
    items: list[Item] = [
        Menu(BlockMember.id_for(ids), reader._("Block a member"), discord.ComponentType.user_select, row=0)
    ]
    if options := [
        Option(names.get(each.member_id) or str(each.member_id), each.member_id)
        for each in choices.members[:LISTED]
        if each.member_id
    ]:
        items.append(LiftBlock.select(LiftIds(owner, MEMBER), options, reader._("Unblock a member"), row=1))
    if choices.anonymous:
        options = [_option(gift, reader) for gift in choices.anonymous[:LISTED]]
        label = reader._("Unblock an anonymous sender")
        items.append(LiftBlock.select(LiftIds(owner, ANONYMOUS), options, label, row=2))
    items.append(ListAnonymous.button(ids, reader._("Block an anonymous sender"), emoji="🎭", row=3))
    items.append(EditWords.button(ids, reader._("Change the words"), emoji="💬", row=3))
    return items


def anonymous_panel(gifts: list[Receipt], owner: int, reader: Reader) -> Reply:
    """Return the latest anonymous gifts, to pick one from."""
    back = BackToBlocks.button(OwnerIds(owner), reader._("Back"), emoji="◀️", row=1)
    title = "🎭 " + reader._("Block an anonymous sender")
    if not gifts:
        text = reader._("Nobody has sent you an anonymous gift lately.")
        return reply(Card(theme.GREY, (Part(text),), title=title), [back])
    text = reader._(
        "Pick a gift. Whoever sent it can't send you anonymous gifts any more. You won't learn who it was, and gifts "
        "under their own name still arrive."
    )
    menu = BlockAnonymous.select(OwnerIds(owner), [_option(gift, reader) for gift in gifts], reader._("Gift"), row=0)
    return reply(Card(theme.ROSE, (Part(text),), title=title), [menu, back])


def _gift(gift: Receipt, reader: Reader) -> str:
    facts = facts_of(gift)
    return f"{mentions.gift_of(facts, reader)} · {reader.coin(facts['coins'])} · {reader.when(gift.at_ms)}"


def _option(gift: Receipt, reader: Reader) -> Option:
    facts = facts_of(gift)
    name = mentions.gift_name(facts["name"], facts["count"])
    price = reader.coins(facts["coins"], plain=True)
    label = f"{name} · {price}"
    return Option(label, gift.seq, description=gift.note, emoji=facts["emoji"])
