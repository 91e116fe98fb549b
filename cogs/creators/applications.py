"""Applications as staff see them, one after the other, and the buttons that approve or decline."""

from typing import NamedTuple

import discord
from discord import ui
from discord.utils import snowflake_time

from bot.domain import policy
from bot.domain.applications import REASON_LENGTH, Application
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Item
from bot.ui.kit.controls import Control, Form, NoIds, text_input
from bot.ui.kit.cross_links import REVIEW
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.kit.staff_roles import staff_among
from bot.ui.looks.applications import answers
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import NotAMember

SEE, DECIDE = "creators list", "creators approve"
"""Rows of the policy table: managers decide, auditors only see."""

LIST = "creators-page"
"""The action that leads to the list of creators."""


class ApplicationIds(NamedTuple):
    """One application, on a page of the panel of `owner`."""

    owner: int
    application: int
    page: int = 0


class ReviewApplications(Control[NoIds], action=REVIEW, ids=NoIds):
    """Opens the applications in a reply of their own, because the button is also in channels."""

    command = SEE

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await applications(caller)


class TurnApplications(Control[PageIds], action="applications-page", ids=PageIds):
    """Turns to another application."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await applications(caller, self.ids.page)


class ApproveApplication(Control[ApplicationIds], action="application-yes", ids=ApplicationIds):
    """Makes the member a creator, and goes on to the next application."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        services, reader = caller.services, caller.reader
        application = await services.applications.find(caller.guild_id, self.ids.application)
        member_id = application.member_id
        if not await caller.membership.is_member(caller.guild_id, member_id):
            raise NotAMember(member_id)
        # The member may have joined the staff since they applied.
        rules = await services.guilds.rules(caller.guild_id)
        staff = await staff_among(caller.guild, [member_id], rules)
        await services.creators.accept(
            caller.guild_id, application.application_id, caller.member_id, is_staff=bool(staff)
        )
        member = mentions.member(member_id, reader)
        return await applications(caller, self.ids.page, "✅ " + reader._("{member} is a creator now.", member=member))


class DeclineApplication(Control[ApplicationIds], action="application-no", ids=ApplicationIds):
    """Opens the form for the reason."""

    command = DECIDE

    @opens
    async def press(self, caller: Caller) -> Form:
        await caller.services.applications.find(caller.guild_id, self.ids.application)
        return DeclineForm(self.ids, caller.reader)


class DeclineForm(Form):
    """Asks why. The member reads the reason, if there is one."""

    command = DECIDE

    def __init__(self, ids: ApplicationIds, reader: Reader) -> None:
        super().__init__(reader._("Decline the application"))
        self._ids = ids
        self.reason = text_input("", longest=REASON_LENGTH, required=False, is_long=True)
        hint = reader._("The member reads this. Leave it empty to give no reason.")
        self.add_item(ui.Label(text=reader._("Reason"), description=hint, component=self.reason))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        member_id = await caller.services.applications.decline(
            caller.guild_id, self._ids.application, caller.member_id, self.reason.value
        )
        member = mentions.member(member_id, caller.reader)
        news = caller.reader._(
            "You declined the application of {member}. They can apply again in a week.", member=member
        )
        return await applications(caller, self._ids.page, news)


async def applications(caller: Caller, page: int = 0, news: str = "") -> Reply:
    """Return one of the open applications, below the `news` about the last one."""
    waiting = await caller.services.applications.waiting(caller.guild_id)
    # Staff who look at the applications need no notice of them any more.
    await caller.services.applications.mark_announced(caller.guild_id, waiting)
    may_decide = (await caller.actor()).may(policy.POLICY[DECIDE])
    (shown, page, pages) = page_of(waiting, page, 1)
    if not shown:
        return _nothing(caller, news)
    ids = ApplicationIds(caller.member_id, shown[0].application_id, page)
    items = turns(TurnApplications, PageIds(caller.member_id, page), pages, caller.reader, row=1)
    items += [_list_button(caller.member_id, caller.reader)]
    if may_decide:
        items = [*_decisions(ids, caller.reader), *items]
    return reply(card(shown[0], page, pages, caller.reader, news), items)


def card(application: Application, page: int, pages: int, reader: Reader, news: str = "") -> Card:
    """Return one application of `pages`."""
    member, when = mentions.member(application.member_id, reader), reader.when(application.applied_ms)
    account = reader.date(int(snowflake_time(application.member_id).timestamp() * 1000))
    lines = [reader._("{member} applied {when}.", member=member, when=when)]
    lines.append("-# " + reader._("Their Discord account is from {date}.", date=account))
    title = "📝 " + reader._("Application {number} of {all}", number=reader.number(page + 1), all=reader.number(pages))
    parts = (Part("\n".join([*([news, ""] if news else []), *lines])), *answers(application, reader))
    footer = reader._("Answers are deleted once you decide.")
    return Card(theme.AMBER, parts, title=title, footer=footer)


def _decisions(ids: ApplicationIds, reader: Reader) -> list[Item]:
    return [
        ApproveApplication.button(ids, reader._("Approve"), discord.ButtonStyle.success, row=0),
        DeclineApplication.button(ids, reader._("Decline"), discord.ButtonStyle.danger, row=0),
    ]


def _nothing(caller: Caller, news: str) -> Reply:
    text = "\n\n".join(filter(None, [news, caller.reader._("No applications are waiting.")]))
    return reply(Card.of(text, theme.GREEN), [_list_button(caller.member_id, caller.reader)])


def _list_button(owner: int, reader: Reader) -> Button:
    # Without its control, which is in a module that imports this one.
    return Button(reader._("All creators"), custom_id.build(LIST, (owner, 0)), row=1)
