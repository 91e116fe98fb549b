"""Challenges as staff see them: the page of a draft with its preview, the list, and ending one early."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import discord

from bot.domain.challenges import MOST_PRIZES, Challenge, Phase
from bot.domain.errors import NotFound
from bot.domain.ids import created_ms
from bot.domain.policy import POLICY
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.channels import check_writable
from bot.ui.kit.components import Item, Menu, Option
from bot.ui.kit.controls import Control, Form, NoIds, picked_one
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.challenges import CHALLENGE, content, posted_card, prize_emoji, title, who_gets
from bot.ui.text.reader import Reader
from cogs.challenges.forms import FORMS
from cogs.challenges.ids import ChallengeIds, FormIds, PrizeMenuIds

MAKE, END, SEE = "challenge add", "challenge end", "challenge list"
"""Rows of the policy table."""

PRIZE_MENU: Final = "challenge-prizes"
"""The action of the menu of prizes, which is answered in a module that imports this one."""


class SwitchIds(NamedTuple):
    """A draft, and whether the fans of each creator are to be a league."""

    challenge: int
    on: int


class OpenDraft(Control[ChallengeIds], action="challenge-draft", ids=ChallengeIds):
    """Goes back to the page of a draft."""

    command = MAKE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return draft_page(caller, await caller.services.challenges.find(caller.guild_id, self.ids.challenge))


class ChangeDraft(Control[FormIds], action="challenge-form", ids=FormIds):
    """Opens a form for a part of a draft."""

    command = MAKE

    @opens
    async def press(self, caller: Caller) -> Form:
        draft = await caller.services.challenges.find(caller.guild_id, self.ids.challenge)
        zone = (await caller.services.guilds.rules(caller.guild_id)).time_zone
        return FORMS.thing(self.ids.form)(draft, zone, caller.reader, draft_page)


class SwitchLeagues(Control[SwitchIds], action="challenge-leagues", ids=SwitchIds):
    """Chooses whether the fans of each creator are a league."""

    command = MAKE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        draft = await caller.services.challenges.change(
            caller.guild_id, self.ids.challenge, is_by_creator=bool(self.ids.on)
        )
        return draft_page(caller, draft)


class PostDraft(Control[ChallengeIds], action="challenge-post", ids=ChallengeIds):
    """Posts a draft in the channel, once however often it is pressed."""

    command = MAKE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        is_thread = isinstance(caller.interaction.channel, discord.Thread)
        check_writable(caller.channel_id, caller.bot_permissions, thread=is_thread)
        challenge = await caller.services.challenges.post(
            caller.guild_id, self.ids.challenge, channel_id=caller.channel_id, by=caller.member_id
        )
        text = caller.reader._(
            "It's on its way to {channel}. I'll post the results there too, and give out the prizes.",
            channel=f"<#{caller.channel_id}>",
        )
        return reply(Card(theme.GREEN, (Part("✅ " + text),), title=title(challenge)))


class DiscardDraft(Control[ChallengeIds], action="challenge-discard", ids=ChallengeIds):
    """Throws a draft away."""

    command = MAKE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        draft = await caller.services.challenges.discard(caller.guild_id, self.ids.challenge)
        text = caller.reader._("I've deleted this draft. Nobody else has seen it.")
        return reply(Card(theme.GREY, (Part(text),), title=title(draft)))


class PickChallenge(Control[NoIds], action="challenge-list", ids=NoIds):
    """Opens a draft, or a challenge that can be ended. Auditors only see it."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        challenge = await caller.services.challenges.find(caller.guild_id, picked_one(caller, "challenge"))
        is_draft = challenge.posted_ms is None
        if not (await caller.actor()).may(POLICY[MAKE if is_draft else END]):
            # Auditors see it as it is posted, without what they may not press.
            return reply(posted_card(challenge, caller.reader))
        return draft_page(caller, challenge) if is_draft else await end_page(caller, challenge.challenge_id)


class EndChallenge(Control[ChallengeIds], action="challenge-end", ids=ChallengeIds):
    """Ends a challenge early."""

    command = END

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        challenge = await caller.services.challenges.end(caller.guild_id, self.ids.challenge, by=caller.member_id)
        text = caller.reader._(
            "It's over. The results will be in {channel} soon.", channel=f"<#{challenge.channel_id}>"
        )
        return reply(Card(theme.GREEN, (Part("🏁 " + text),), title=title(challenge)))


def draft_page(caller: Caller, draft: Challenge) -> Reply:
    """Return a draft as it will be posted, with what can be changed. What was posted is shown alone."""
    card = posted_card(draft, caller.reader)
    if draft.posted_ms is not None:
        return reply(card)
    return reply(_as_preview(card, caller), draft_items(draft, caller.reader))


def _as_preview(card: Card, caller: Caller) -> Card:
    note = caller.reader._(
        "Preview: only you can see this. It'll be posted in {channel}.", channel=f"<#{caller.channel_id}>"
    )
    first, *others = card.parts
    return Card(theme.GREY, (Part(f"-# {note}\n{first.text}"), *others), title=card.title, footer=card.footer)


def draft_items(draft: Challenge, r: Reader) -> list[Item]:
    """Return what can be done with a draft."""
    number = draft.challenge_id
    labels = {0: ("✏️", r._("Name and days")), 1: ("🧮", r._("Points")), 2: ("⚡", r._("Double points"))}
    changes = [
        ChangeDraft.button(FormIds(number, form), label, emoji=emoji, row=0) for form, (emoji, label) in labels.items()
    ]
    label = r._("One leaderboard for all") if draft.is_by_creator else r._("A league for each creator")
    leagues = SwitchLeagues.button(SwitchIds(number, int(not draft.is_by_creator)), label, emoji="👥", row=0)
    post = PostDraft.button(ChallengeIds(number), r._("Post it here"), discord.ButtonStyle.success, row=2)
    discard = DiscardDraft.button(ChallengeIds(number), r._("Delete the draft"), discord.ButtonStyle.danger, row=2)
    return [*changes, leagues, prize_menu(draft, r), post, discard]


def prize_menu(draft: Challenge, r: Reader) -> Menu:
    """Return the menu in which a prize is picked, or a new one added."""
    options = [
        Option(who_gets(prize, r), number, content(prize, r, plain=True), emoji=prize_emoji(prize))
        for number, prize in enumerate(draft.prizes)
    ]
    if len(options) < MOST_PRIZES:
        options.append(Option(r._("Add a prize"), len(options), emoji="➕"))
    return Menu(_prize_link(draft), r._("Add or change a prize"), options=options, row=1)


def _prize_link(draft: Challenge) -> str:
    # Without its control, which is in a module that imports this one.
    return custom_id.build(PRIZE_MENU, PrizeMenuIds(draft.challenge_id))


async def listing(caller: Caller) -> Reply:
    """Return the newest challenges with where they are."""
    challenges = await caller.services.challenges.listed(caller.guild_id)
    r, now_ms = caller.reader, created_ms(caller.call_id)
    heading = f"{CHALLENGE} " + r._("Challenges")
    if not challenges:
        text = r._("There are no challenges yet. Make one with `/challenge add`.")
        return reply(Card(theme.ROSE, (Part(text),), title=heading))
    counts = await caller.services.challenges.refused_coins(caller.guild_id)
    text = "\n".join(_line(each, now_ms, counts.get(each.challenge_id, 0), r) for each in challenges)
    return reply(Card(theme.ROSE, (Part(text),), title=heading), _open_menu(challenges, now_ms, r))


def _line(challenge: Challenge, now_ms: int, refused: int, r: Reader) -> str:
    emoji, state = _state(challenge, now_ms, r)
    line = f"{emoji} **{shown(challenge.name)}** · {state}"
    if not refused:
        return line
    news = r.n_("I couldn't give the coins of {n} prize.", "I couldn't give the coins of {n} prizes.", refused)
    why = r._("They didn't fit, the member's data is deleted, or it's whoever posted the challenge.")
    return f"{line}\n⚠️ {news} {why}"


def _state(challenge: Challenge, now_ms: int, r: Reader) -> tuple[str, str]:
    match challenge.phase(now_ms):
        case Phase.COMING:
            return "⏳", r._("begins {when}", when=r.when(challenge.starts_ms or 0))
        case Phase.RUNNING:
            return "🟢", r._("ends {when}", when=r.when(challenge.ends_ms or 0))
        case Phase.OVER:
            return "🏁", r._("ended {when}", when=r.when(challenge.ends_ms or 0))
        case Phase.DRAFT:
            return "📝", r._("draft")


def _open_menu(challenges: Sequence[Challenge], now_ms: int, r: Reader) -> list[Item]:
    options = [
        Option(each.name, each.challenge_id, emoji=_state(each, now_ms, r)[0])
        for each in challenges
        if each.phase(now_ms) is not Phase.OVER
    ]
    return [PickChallenge.select(NoIds(), options, r._("Pick a draft or a challenge"))] if options else []


async def end_page(caller: Caller, challenge_id: int) -> Reply:
    """Return the question whether to end a challenge. Raises NotFound for a draft."""
    challenge = await caller.services.challenges.find(caller.guild_id, challenge_id)
    r = caller.reader
    if challenge.phase(created_ms(caller.call_id)) is Phase.DRAFT:
        raise NotFound("challenge")
    if challenge.phase(created_ms(caller.call_id)) is Phase.OVER:
        return reply(Card(theme.GREY, (Part(r._("This challenge is already over.")),), title=title(challenge)))
    lines = [
        r._("It would run until {moment}.", moment=r.moment(challenge.ends_ms or 0)),
        r._("If you end it now, whoever is ahead gets the prizes. That can't be undone."),
    ]
    button = EndChallenge.button(ChallengeIds(challenge_id), r._("End it now"), discord.ButtonStyle.danger)
    return reply(Card(theme.AMBER, (Part("\n".join(lines)),), title=title(challenge)), [button])
