"""The settings page about creators: whether members can apply, what they are asked, and words nobody may send."""

from collections.abc import Sequence
from typing import Any, Final

from discord import ui

from bot.domain.applications import MOST_QUESTIONS, QUESTION_LENGTH, ApplicationSettings
from bot.domain.guilds import GuildRules
from bot.domain.note_words import MOST_WORDS, WORD_LENGTH
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, Form, NoIds, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.kit.staff_roles import staff_among
from bot.ui.looks.applications import question
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from cogs.settings.announcing import TURN
from cogs.settings.limits import SwitchIds

COMMAND: Final = "settings"

MOST_CHECKED: Final = 25
"""The most creators, newest first, whose roles Discord is asked for."""


class OpenCreators(Control[NoIds], action="settings-creators", ids=NoIds):
    """Turns to the page."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class EditQuestions(Control[NoIds], action="settings-questions", ids=NoIds):
    """Opens the form for the questions."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return QuestionsForm(await caller.services.applications.settings(caller.guild_id), caller.reader)


class TakeApplications(Control[SwitchIds], action="settings-apply", ids=SwitchIds):
    """Takes applications from now on, or no longer."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.applications.take(caller.guild_id, is_open=bool(self.ids.on), by=caller.member_id)
        return await page(caller)


class QuestionsForm(Form):
    """Asks for the questions that applicants answer."""

    command = COMMAND

    def __init__(self, settings: ApplicationSettings, reader: Reader) -> None:
        super().__init__(reader._("Questions for new creators"))
        texts = [*settings.questions, *[""] * (MOST_QUESTIONS - len(settings.questions))]
        self.boxes: list[ui.TextInput[Any]] = []
        for number, text in enumerate(texts, start=1):
            box = text_input(text, longest=QUESTION_LENGTH, required=False)
            hint = reader._("Like: What do you stream, and when?") if number == 1 else None
            label = reader._("Question {number}", number=reader.number(number))
            self.add_item(ui.Label(text=label, description=hint, component=box))
            self.boxes.append(box)

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        questions = [box.value for box in self.boxes]
        await caller.services.applications.ask(caller.guild_id, questions, by=caller.member_id)
        return await page(caller)


class EditGuildWords(Control[NoIds], action="settings-words", ids=NoIds):
    """Opens the form for words."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return GuildWordsForm(await caller.services.guilds.rules(caller.guild_id), caller.reader)


class LetStaffCreate(Control[SwitchIds], action="settings-staff-creators", ids=SwitchIds):
    """Lets staff become creators from now on, or no longer. Those who are creators stay."""

    # The owner's alone, so that nobody on the staff can pay themselves.
    command = "settings staff creators"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        now_ms = int(caller.interaction.created_at.timestamp() * 1000)
        since_ms = now_ms if self.ids.on else None
        await caller.services.guilds.change(caller.guild_id, by=caller.member_id, staff_creators_since_ms=since_ms)
        return await page(caller)


class AllowMatches(Control[SwitchIds], action="settings-matches", ids=SwitchIds):
    """Lets creators play matches from now on, or no longer. A match that has begun is played to its end."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        since_ms = int(caller.interaction.created_at.timestamp() * 1000) if self.ids.on else None
        await caller.services.guilds.change(caller.guild_id, by=caller.member_id, matches_since_ms=since_ms)
        return await page(caller)


class GuildWordsForm(Form):
    """Asks for the words that no message to any creator may have."""

    command = COMMAND

    def __init__(self, rules: GuildRules, reader: Reader) -> None:
        super().__init__(reader._("Words nobody may send"))
        longest = MOST_WORDS * (WORD_LENGTH + 1)
        self.words = text_input(rules.note_words or "", longest=longest, required=False, is_long=True)
        hint = reader._("One word or phrase per line, for messages, wishes, and titles and rewards of live events.")
        self.add_item(ui.Label(text=reader._("Words"), description=hint, component=self.words))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        lines = self.words.value.splitlines()
        await caller.services.creators.reception.choose_guild_words(caller.guild_id, lines, by=caller.member_id)
        return await page(caller)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenCreators.button(NoIds(), reader._("Creators"), emoji="🎤")


async def page(caller: Caller) -> Reply:
    """Return the page with the current choices."""
    services, guild_id = caller.services, caller.guild_id
    settings, rules = await services.applications.settings(guild_id), await services.guilds.rules(guild_id)
    staff: list[int] = []
    if rules.staff_creators_since_ms is None:
        creators = await services.creators.creators(guild_id)
        newest = [creator.member_id for creator in creators[-MOST_CHECKED:]]
        staff = await staff_among(caller.guild, newest, rules)
    return page_of(settings, rules, caller.reader, staff, lets_staff=caller.owns_guild)


def page_of(
    settings: ApplicationSettings,
    rules: GuildRules,
    reader: Reader,
    staff_creators: Sequence[int] = (),
    *,
    lets_staff: bool,
) -> Reply:
    """Return the page for these choices. `staff_creators` are the creators on the staff, if staff may not become
    creators. A reader who `lets_staff` become creators has a button for that; others read who has."""
    intro = reader._("Who can become a creator here. `/creators list` shows all creators, and who applied.")
    state = reader._("Members can apply with `/creator apply`.")
    if not settings.is_open:
        state = reader._("Nobody can apply. You choose creators with `/creators approve`.")
    questions = "\n".join(f"- {shown(question(text, reader))}" for text in settings.asked)
    has_matches = rules.matches_since_ms is not None
    parts = (
        Part(intro),
        Part(_staff(rules, staff_creators, reader), heading="🛡️ " + reader._("Staff as creators")),
        Part(state, heading="📝 " + reader._("Applications")),
        Part(questions, heading="❓ " + reader._("Questions")),
        Part(_words(rules, reader), heading="💬 " + reader._("Words nobody may send")),
        Part(_matches(rules, reader), heading="⚔️ " + reader._("Matches")),
    )
    label = reader._("Stop taking applications") if settings.is_open else reader._("Take applications")
    items = [
        EditQuestions.button(NoIds(), reader._("Change the questions"), emoji="❓", row=0),
        TakeApplications.button(SwitchIds(int(not settings.is_open)), label, emoji="📝", row=0),
        EditGuildWords.button(NoIds(), reader._("Change the words"), emoji="💬", row=0),
        *([_staff_button(rules, reader)] if lets_staff else []),
        AllowMatches.button(
            SwitchIds(int(not has_matches)),
            reader._("Stop matches") if has_matches else reader._("Allow matches"),
            emoji="⚔️",
            row=1,
        ),
        # Built by its id, because its control is in a module that imports this one.
        Button(reader._("Back"), custom_id.build(TURN, (0,)), emoji="◀️", row=1),
    ]
    return reply(Card(theme.ROSE, parts, title="🎤 " + reader._("Creators")), items)


def _staff(rules: GuildRules, staff_creators: Sequence[int], reader: Reader) -> str:
    """Return whether staff may be creators, who decides that, and which of them still are."""
    rule = reader._("Staff can become creators, too.")
    if rules.staff_creators_since_ms is None:
        rule = reader._("Nobody on the staff can become a creator. Those who are creators already stay.")
    lines = [rule, "-# " + reader._("Only the owner of this server can change this.")]
    if staff_creators:
        names = reader.listed(mentions.member(member_id, reader) for member_id in staff_creators)
        news = reader._("Still creators, although they're on the staff: {members}", members=names)
        lines += [f"⚠️ {news}", "-# " + reader._("`/creators remove` removes a creator. Their earnings stay.")]
    return "\n".join(lines)


def _staff_button(rules: GuildRules, reader: Reader) -> Button:
    may_staff = rules.staff_creators_since_ms is not None
    label = reader._("Keep staff out") if may_staff else reader._("Let staff become creators")
    return LetStaffCreate.button(SwitchIds(int(not may_staff)), label, emoji="🛡️", row=1)


def _matches(rules: GuildRules, reader: Reader) -> str:
    if rules.matches_since_ms is None:
        return reader._("Off. In a match, two creators see who gets more gifts in five minutes.")
    return reader._(
        "On. Creators who are live start one with `/live match`. Its score is hidden in the last 30 seconds, though I "
        "still announce every gift. I don't sell coins in its channel until it's over."
    )


def _words(rules: GuildRules, reader: Reader) -> str:
    if not rules.note_words:
        return reader._("None. Creators can have words of their own with `/creator block`.")
    return reader.listed(f"||{shown(word)}||" for word in rules.note_words.split("\n"))
