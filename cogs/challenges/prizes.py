"""The prizes of a draft: the page of one, its form, and its role."""

from typing import Any

import discord
from discord import ui

from bot.domain.challenges import (
    BADGE_LENGTH,
    MOST_PLACES,
    MOST_POINTS,
    MOST_PRIZES,
    PRIZE_LENGTH,
    Challenge,
    Prize,
)
from bot.domain.errors import NotFound
from bot.domain.money import MAX_AMOUNT
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Menu
from bot.ui.kit.controls import Control, Form, picked, picked_one, text_input
from bot.ui.kit.given_roles import check_givable
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.challenges import content, prize_emoji, title, who_gets
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.challenges.drafts import MAKE, PRIZE_MENU, OpenDraft, draft_page
from cogs.challenges.ids import ChallengeIds, PrizeIds, PrizeMenuIds


class PickPrize(Control[PrizeMenuIds], action=PRIZE_MENU, ids=PrizeMenuIds):
    """Opens the page of a prize, or the form of a new one."""

    command = MAKE

    async def press(self, interaction: discord.Interaction, /) -> None:
        caller = Caller(interaction)
        draft = await caller.services.challenges.find(caller.guild_id, self.ids.challenge)
        is_new = picked_one(caller, "challenge") >= len(draft.prizes)
        await (self._open_form(interaction) if is_new else self._show(interaction))

    @opens
    async def _open_form(self, caller: Caller) -> Form:
        return PrizeForm(PrizeIds(self.ids.challenge, MOST_PRIZES), Prize(), caller.reader)

    @replies(Mode.UPDATE)
    async def _show(self, caller: Caller) -> Reply:
        draft = await caller.services.challenges.find(caller.guild_id, self.ids.challenge)
        return prize_page(caller, draft, picked_one(caller, "challenge"))


class ChangePrize(Control[PrizeIds], action="challenge-prize", ids=PrizeIds):
    """Opens the form of a prize."""

    command = MAKE

    @opens
    async def press(self, caller: Caller) -> Form:
        draft = await caller.services.challenges.find(caller.guild_id, self.ids.challenge)
        return PrizeForm(self.ids, _prize(draft, self.ids.prize), caller.reader)


class RemovePrize(Control[PrizeIds], action="challenge-prize-off", ids=PrizeIds):
    """Removes a prize."""

    command = MAKE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        challenges = caller.services.challenges
        draft = await challenges.find(caller.guild_id, self.ids.challenge)
        _prize(draft, self.ids.prize)
        prizes = [prize for number, prize in enumerate(draft.prizes) if number != self.ids.prize]
        return draft_page(caller, await challenges.change(caller.guild_id, self.ids.challenge, prizes=prizes))


class PickPrizeRole(Control[PrizeIds], action="challenge-prize-role", ids=PrizeIds):
    """Picks the role of a prize, or none."""

    command = MAKE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids, challenges = picked(caller, "role"), caller.services.challenges
        if ids:
            check_givable(caller.guild, ids[0], await caller.services.guilds.rules(caller.guild_id))
        draft = await challenges.find(caller.guild_id, self.ids.challenge)
        prize = _prize(draft, self.ids.prize)._replace(role_id=ids[0] if ids else 0)
        prizes = with_prize(draft, self.ids.prize, prize)
        changed = await challenges.change(caller.guild_id, self.ids.challenge, prizes=prizes)
        return prize_page(caller, changed, self.ids.prize)


class PrizeForm(Form):
    """Who gets a prize, and what it is. Its role is picked on its page."""

    command = MAKE

    def __init__(self, ids: PrizeIds, prize: Prize, reader: Reader) -> None:
        super().__init__(reader._("Prize"))
        self._ids = ids
        self.places = self._line(reader._("For the first places"), reader._("Like 1 or 3"), prize.places, 3)
        hint = reader._("Leave it empty if the place is enough.")
        self.points = self._line(reader._("From how many points on"), hint, prize.points, 7)
        hint = reader._("For each of them. They're granted when the challenge is over.")
        self.coins = self._line(reader._("Promo coins"), hint, prize.coins, 10)
        self.badge = self._line(reader._("Badge"), reader._("It stands in their profile."), prize.badge, BADGE_LENGTH)
        hint = reader._("Like a shout-out. You give it yourself.")
        self.words = self._line(reader._("Something else"), hint, prize.words, PRIZE_LENGTH)

    def _line(self, text: str, hint: str, value: int | str, longest: int) -> ui.TextInput[Any]:
        box = text_input(str(value or ""), longest=longest, required=False)
        self.add_item(ui.Label(text=text, description=hint, component=box))
        return box

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        challenges = caller.services.challenges
        draft = await challenges.find(caller.guild_id, self._ids.challenge)
        number = min(self._ids.prize, len(draft.prizes))
        before = draft.prizes[number] if number < len(draft.prizes) else Prize()
        prize = before._replace(
            places=_number(self.places, MOST_PLACES),
            points=_number(self.points, MOST_POINTS),
            coins=_number(self.coins, MAX_AMOUNT),
            badge=self.badge.value,
            words=self.words.value,
        )
        prizes = with_prize(draft, number, prize)
        changed = await challenges.change(caller.guild_id, self._ids.challenge, prizes=prizes)
        return prize_page(caller, changed, number)


def _number(box: ui.TextInput[Any], highest: int) -> int:
    return parse_whole(box.value, highest) if box.value.strip() else 0


def _prize(draft: Challenge, number: int) -> Prize:
    """Return a prize of a draft; raise NotFound."""
    if number >= len(draft.prizes):
        raise NotFound("challenge")
    return draft.prizes[number]


def with_prize(draft: Challenge, number: int, prize: Prize) -> list[Prize]:
    """Return the prizes of a draft with one in the place of another one, or behind the last."""
    return [*draft.prizes[:number], prize, *draft.prizes[number + 1 :]]


def prize_page(caller: Caller, draft: Challenge, number: int) -> Reply:
    """Return the page of a prize."""
    return prize_page_of(draft, number, caller.reader, caller.guild)


def prize_page_of(draft: Challenge, number: int, r: Reader, guild: discord.Guild | None) -> Reply:
    """Return the page of a prize. `guild` tells whether its role still exists."""
    prize, ids = _prize(draft, number), PrizeIds(draft.challenge_id, number)
    exists = guild is not None and guild.get_role(prize.role_id) is not None
    text = f"{prize_emoji(prize)} **{who_gets(prize, r)}**: {content(prize, r)}"
    role = Menu(
        PickPrizeRole.id_for(ids),
        r._("Role to give (optional)"),
        discord.ComponentType.role_select,
        chosen=[prize.role_id] if exists else [],
        fewest=0,
        row=0,
    )
    buttons = [
        OpenDraft.button(ChallengeIds(draft.challenge_id), r._("Back to the preview"), emoji="◀️", row=1),
        ChangePrize.button(ids, r._("Change the prize"), emoji="✏️", row=1),
        RemovePrize.button(ids, r._("Remove the prize"), discord.ButtonStyle.danger, row=1),
    ]
    return reply(Card(theme.GREY, (Part(text),), title=title(draft)), [role, *buttons])
