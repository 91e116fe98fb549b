"""Everything that managers read and press in the settings of a guild."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.applications import ApplicationSettings
from bot.domain.buying_limits import BuyingLimits
from bot.domain.catalogue import Tier
from bot.domain.channel_refusals import UnwritableChannel
from bot.domain.grant_limits import GrantLimits
from bot.domain.guilds import GuildRules
from bot.domain.member_roles import Trouble
from bot.domain.periods import Period
from bot.domain.policy import Staff
from bot.domain.results import PERIODS, Results
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.notices import roles_notice, unfit_notice
from bot.ui.text.reader import Reader
from cogs.settings import announcing as settings_announcing
from cogs.settings import clubs as settings_clubs
from cogs.settings import creators as settings_creators
from cogs.settings import grants as settings_grants
from cogs.settings import guide as settings_guide
from cogs.settings import levels as settings_levels
from cogs.settings import limits as settings_limits
from cogs.settings import overlays as settings_overlays
from cogs.settings import render as settings_render
from cogs.settings import results as settings_results
from cogs.settings import views as settings_views
from tests.ui.earnings_samples import payment_settings
from tests.ui.facts import ID, NOW_MS, Facts


def settings_pages(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield every page of the settings."""
    rules = GuildRules(1, ID, 50, 5, f.coins, "UTC", ID, ID, ID, ID, f.coins, f.coins, f.name[:20], f.emoji)
    for page in (settings_views.GIFTING, settings_views.STAFF):
        yield settings_views.panel_of(rules, page, r, None, exports=True)
    for changes in ({"message_lowest": 1}, {"message_highest": f.coins}, {"currency_name": "€", "money_since_ms": 1}):
        yield settings_views.panel_of(replace(GuildRules(1), **changes), settings_views.GIFTING, r, None)
    yield reply(settings_render.staff(rules, r, unfit=list(Staff)))
    yield reply(unfit_notice(rules, list(Staff), r))
    troubles = {ID + number: why for number, why in enumerate(Trouble)}
    yield reply(roles_notice(troubles, r))
    yield settings_levels.page_of({5: ID, 50: ID + 1}, troubles, r)
    yield settings_levels.page_of({}, {}, r)
    yield from (settings_clubs.page_of(roles, r) for roles in ({ID: ID}, {}))
    yield settings_clubs.club_page_of({ID: ID}, ID, r, None)
    yield settings_levels.level_page_of({5: ID}, 5, r, None)
    yield settings_levels.level_page_of({}, 10, r, None)
    both = tuple(Results(1, period, is_on=period is Period.WEEK) for period in PERIODS)
    yield from (settings_results.page_of(both, each, r) for each in (rules, GuildRules(1)))
    for tier in Tier:
        yield settings_overlays.page_of(replace(rules, overlay_notes_from=tier.value, overlay_holds_since_ms=NOW_MS), r)
        channels = [UnwritableChannel(1, ID, 10003, NOW_MS)]
        yield settings_announcing.page_of(AnnouncementSettings(1, 22 * 60, 8 * 60, tier), "UTC", channels, r)
    yield settings_announcing.page_of(AnnouncementSettings(1), "UTC", [], r)
    yield settings_overlays.page_of(GuildRules(1), r)
    yield from payment_settings(r)
    rates = BuyingLimits(1, "USD", None, f.coins, 365, adults_only=True, can_withdraw=True, rates={"EUR": 1_080_000})
    yield settings_limits.page_of(rates, ["EUR", "JPY"], r, f.coins)
    yield settings_limits.page_of(BuyingLimits(1, "JPY"), ["EUR", "JPY"], r)
    yield settings_guide.guide(r, may_attach=False)
    for may_change in (True, False):
        yield settings_grants.page_of(GrantLimits(f.coins, None), r, sets_limits=may_change)
        for settings in (ApplicationSettings(1), ApplicationSettings(1, False, (f.title,) * 5)):
            yield settings_creators.page_of(settings, rules, r, (ID,) * 25, lets_staff=may_change)
