"""The settings page about announcements: quiet hours, and the smallest gifts that are announced."""

from discord import ui

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.channel_refusals import UnwritableChannel
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button, Option
from bot.ui.kit.controls import Control, Form, NoIds, picked_one, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.notices import broken_notice
from bot.ui.looks.tiers import TIER_STYLES, tier_numbered
from bot.ui.text.parsing import parse_time_of_day, time_of_day
from bot.ui.text.reader import Reader

TURN = "settings-page"
"""The action that turns to one of the other pages, by number."""


class OpenAnnouncements(Control[NoIds], action="settings-announcing", ids=NoIds):
    """Turns to the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class PickLowestTier(Control[NoIds], action="settings-tier", ids=NoIds):
    """Picks the lowest tier that is announced."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        tier = tier_numbered(picked_one(caller, "gift"))
        await caller.services.announcements.change(caller.guild_id, lowest_tier=tier, by=caller.member_id)
        return await page(caller)


class OpenQuiet(Control[NoIds], action="settings-quiet", ids=NoIds):
    """Opens the form for quiet hours."""

    command = "settings"

    @opens
    async def press(self, caller: Caller) -> Form:
        return QuietHours(await caller.services.announcements.settings(caller.guild_id), caller.reader)


class QuietHours(Form):
    """Asks when it is quiet."""

    command = "settings"

    def __init__(self, settings: AnnouncementSettings, reader: Reader) -> None:
        super().__init__(reader._("Quiet hours"))
        has_quiet_hours = settings.is_quiet_at_times
        self.start = text_input(time_of_day(settings.quiet_start) if has_quiet_hours else "", longest=5, required=False)
        self.end = text_input(time_of_day(settings.quiet_end) if has_quiet_hours else "", longest=5, required=False)
        start_hint = reader._("Like 22:00, in this server's time zone. Leave both empty for no quiet hours.")
        self.add_item(ui.Label(text=reader._("Quiet from"), description=start_hint, component=self.start))
        end_hint = reader._("When quiet hours end, one message sums up what came in.")
        self.add_item(ui.Label(text=reader._("Quiet until"), description=end_hint, component=self.end))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        # Left empty, both are midnight, and a night without length is none.
        start = parse_time_of_day(self.start.value) if self.start.value.strip() else 0
        end = parse_time_of_day(self.end.value) if self.end.value.strip() else 0
        await caller.services.announcements.change(
            caller.guild_id, quiet_start=start, quiet_end=end, by=caller.member_id
        )
        return await page(caller)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenAnnouncements.button(NoIds(), reader._("Announcements"), emoji="📣")


async def page(caller: Caller) -> Reply:
    """Return the page with the current settings."""
    services, guild_id = caller.services, caller.guild_id
    rules = await services.guilds.rules(guild_id)
    unwritable = await services.channels.resting(guild_id)
    settings = await services.announcements.settings(guild_id)
    return page_of(settings, rules.time_zone, unwritable, caller.reader)


def page_of(settings: AnnouncementSettings, zone: str, unwritable: list[UnwritableChannel], reader: Reader) -> Reply:
    """Return the page for these choices; `unwritable` are the channels that accept no announcements."""
    quiet = reader._("None")
    if settings.is_quiet_at_times:
        start, end = time_of_day(settings.quiet_start), time_of_day(settings.quiet_end)
        quiet = reader._("{start} to {end}, {zone}", start=start, end=end, zone=zone)
    lowest = TIER_STYLES[settings.lowest_tier]
    change = OpenQuiet.button(NoIds(), reader._("Change"), emoji="🌙")
    options = [
        Option(reader._(style.from_name), tier.number, emoji=style.emoji, default=tier is settings.lowest_tier)
        for tier, style in TIER_STYLES.items()
    ]
    tiers = PickLowestTier.select(NoIds(), options, reader._("What is announced"))
    parts = [
        Part(reader._("Used outside live events. During a live event, every gift is announced.")),
        Part(named("🌙", reader._("Quiet hours"), quiet), button=change),
        Part(named("🎁", reader._("What is announced"), f"{lowest.emoji} {reader._(lowest.from_name)}"), menu=tiers),
    ]
    if unwritable:
        notice = broken_notice(unwritable, reader)
        parts.append(Part(notice.parts[0].text, notice.title))
    # Without its control, which is in a module that imports this one.
    back = Button(reader._("Back"), custom_id.build(TURN, (0,)), emoji="◀️")
    return reply(Card(theme.ROSE, tuple(parts), title="📣 " + reader._("Announcements")), [back])
