"""The background work: assembles what posts on its own, and what handles each kind of deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

import discord

from bot.announcer.announcer import Announcer
from bot.announcer.application_notices import ApplicationNotices
from bot.announcer.board_delivery import BoardDelivery
from bot.announcer.case_notices import CaseNotices
from bot.announcer.challenges import ChallengePoster
from bot.announcer.chests import ChestPoster
from bot.announcer.chip_ins import ChipInCards
from bot.announcer.courier import Courier
from bot.announcer.creator_weeks import CreatorWeekSender
from bot.announcer.delivery import Delivery
from bot.announcer.flag_notices import FlagNotices
from bot.announcer.gift_reactions import ReactionSender
from bot.announcer.hidden_commands import HiddenCommands
from bot.announcer.live_boards import LiveBoards
from bot.announcer.live_endings import LiveEndings
from bot.announcer.lost_emoji import LostEmoji
from bot.announcer.match_cards import MatchCards
from bot.announcer.messages import Messages
from bot.announcer.pace import Pace
from bot.announcer.payout_notices import PayoutNotices
from bot.announcer.perk_notices import PerkNotices
from bot.announcer.perk_panels import PerkPanelPoster
from bot.announcer.permission_watcher import PermissionWatcher
from bot.announcer.proofs import ProofPoster
from bot.announcer.results import ResultPoster
from bot.announcer.role_follower import RoleFollower
from bot.announcer.share_news import ShareNewsSender
from bot.announcer.staff import StaffMessenger
from bot.announcer.staff_log import StaffLogPoster
from bot.announcer.thanks import ThankYouSender
from bot.client import Rosette
from bot.domain.deadlines import Deadline, DeadlineKind
from bot.followers.deadlines import Deadlines
from bot.services import Services
from bot.storage.database import Database
from bot.storage.memory.announcements import StoredAnnouncementMemory
from bot.storage.memory.deadlines import DeadlineQueue
from bot.storage.memory.journal_feed import StoredJournalFeed
from bot.storage.memory.live_displays import StoredLiveMemory
from bot.ui.kit.membership import profile_of
from bot.ui.kit.readers import guild_reader
from bot.web.overlay.art import Art
from bot.web.overlay.hub import Hub
from bot.web.overlay.part import OverlayPart
from bot.web.overlay.people import People
from bot.workers import Worker

RECONCILE_EVERY_S = 600.0
RECONCILE_BACK_MS = 3 * 24 * 3600 * 1000
"""How far back, at least, providers are asked for what their webhooks did not report: as long as they retry one."""

LONGEST_REST_S = 5.0
"""The longest sleep of anything that waits for a time: another bot may have written, or the clock may have been
corrected."""


class Background(NamedTuple):
    """The workers, and the boards, which are asked elsewhere how far behind they are."""

    workers: tuple[Worker, ...]
    boards: LiveBoards


def background(services: Services, database: Database, client: Rosette, pace: Pace) -> Background:
    """Return what starts once the client has logged in. `bot.followers.deadlines` lists the loops."""
    clock = client.clock
    courier = Courier(client, services.channels, pace, clock.estimate)
    client.poster = courier
    staff = StaffMessenger(services, client, courier)
    courier.on_refusal(staff.alert)
    PermissionWatcher(services.channels, client).listen()
    LostEmoji(services, client, staff).listen()
    HiddenCommands(client, staff).listen()
    announcer = _announcer(services, database, client, courier)
    boards = _boards(services, database, client, courier, staff)
    deadlines = Deadlines(DeadlineQueue(database), clock, courier.reaches)
    _handle(deadlines, services, database, client, courier, staff, announcer, boards)

    async def announce() -> None:
        if database.is_shared:
            await services.personal_data.follow()
        await announcer.catch_up()

    announcing = Worker("announcing gifts", announce, interval_s=LONGEST_REST_S, cleanup=announcer.stop)
    showing = Worker("refreshing live boards", boards.refresh, interval_s=LONGEST_REST_S, cleanup=boards.stop)
    firing = Worker("deadlines", _once_ready(client, deadlines.fire), interval_s=LONGEST_REST_S, cleanup=deadlines.stop)
    boards.wake, deadlines.wake = showing.wake, firing.wake
    database.on_deadline(deadlines.hear)
    _wake_with_guilds(client, showing, firing)
    events = services.payment_events
    settling = Worker("settling payments", events.begin, interval_s=LONGEST_REST_S, cleanup=events.stop)
    events.subscribe(settling.wake)
    reconciling = reconciler(services, clock)
    _wake_on_connect(client, reconciling)
    # Providers know no guilds, so only the process with the first shard asks them.
    of_the_first = (reconciling,) if client.serves(0) else ()
    return Background((settling, announcing, showing, firing, *of_the_first), boards)


def overlay_part(client: Rosette, database: Database) -> tuple[OverlayPart, Worker]:
    """Return the overlays' part of the web server, and the worker that keeps open overlays up to date."""
    services, clock = client.services, time.monotonic
    people = People(client.membership.profiles, services.pictures, partial(guild_reader, client), clock)
    art = Art(services.overlay_shows, services.pictures, clock)
    hub = Hub(services.overlay_shows, people, art, client.clock.estimate, clock)

    def see(interaction: discord.Interaction) -> None:
        # Gifters' names are shown a moment later, and in a storm Discord could not be asked about everybody.
        member, guild_id = interaction.user, interaction.guild_id or 0
        if isinstance(member, discord.Member) and hub.is_watching(guild_id):
            people.note(guild_id, member.id, profile_of(member))

    client.member_watchers.append(see)
    showing = Worker("showing overlays", hub.turn, interval_s=LONGEST_REST_S, cleanup=hub.stop)
    hub.wake = showing.wake
    database.writer.subscribe(hub.hear)
    database.on_deadline(hub.notice)
    return OverlayPart(hub, services.overlays, client.membership.was_member, clock), showing


def _announcer(services: Services, database: Database, client: Rosette, courier: Courier) -> Announcer:
    feed, memory = (
        StoredJournalFeed(database.follower_books),
        StoredAnnouncementMemory(database.follower_books, client.clock.estimate),
    )
    delivery = Delivery(memory, Messages(memory, client, services.pictures), courier)
    announcer = Announcer(feed, memory, client, delivery, asyncio.sleep)
    feed.subscribe(announcer.hear)
    services.personal_data.subscribe(announcer.read_again)
    return announcer


def _boards(
    services: Services, database: Database, client: Rosette, courier: Courier, staff: StaffMessenger
) -> LiveBoards:
    clock, memory = client.clock.estimate, StoredLiveMemory(database.follower_books, client.clock.estimate)
    displays, pictures = services.live_displays, services.pictures
    delivery = BoardDelivery(displays, pictures, memory, client, courier, staff, clock, asyncio.sleep)
    boards = LiveBoards(services, memory, client, courier, delivery, clock, is_shared=database.is_shared)
    database.writer.subscribe(boards.hear)
    return boards


def _handle(
    deadlines: Deadlines,
    services: Services,
    database: Database,
    client: Rosette,
    courier: Courier,
    staff: StaffMessenger,
    announcer: Announcer,
    boards: LiveBoards,
) -> None:
    """Register the handler of each kind of deadline."""
    endings = LiveEndings(services, StoredLiveMemory(database.follower_books, client.clock.estimate), client, courier)
    thanks = ThankYouSender(services.thanks, client, courier)
    cases, payouts = CaseNotices(services.payment_cases, staff), PayoutNotices(services.payouts, staff)
    shares = ShareNewsSender(services.shares, client, courier)
    applications = ApplicationNotices(services.applications, staff)
    flags = FlagNotices(services.flags, staff)
    cards, pools = MatchCards(services, client, courier), ChipInCards(services, client, courier)
    staff_log = StaffLogPoster(services.desk.logs, client, courier)

    async def retry_channel(deadline: Deadline) -> None:
        announcer.retry(deadline.guild_id)
        boards.retry(deadline.guild_id)

    _handle_books(deadlines, services)
    deadlines.on(DeadlineKind.LIVE_END, endings.end)
    deadlines.on(DeadlineKind.RECAP, endings.post_recap)
    deadlines.on(DeadlineKind.LIVE_BOARD, boards.show)
    deadlines.on(DeadlineKind.MATCH_ROUND, boards.show_match)
    deadlines.on(DeadlineKind.MATCH_CARD, cards.show)
    deadlines.on(DeadlineKind.CHIP_IN, pools.settle)
    deadlines.on(DeadlineKind.CHIP_IN_CARD, pools.show)
    deadlines.on(DeadlineKind.QUIET_END, announcer.end_quiet_hours)
    deadlines.on(DeadlineKind.UNPIN, announcer.unpin)
    deadlines.on(DeadlineKind.CHANNEL_RETRY, retry_channel)
    deadlines.on(DeadlineKind.THANK_YOU, thanks.post)
    deadlines.on(DeadlineKind.PAYMENT_CASES, cases.announce)
    deadlines.on(DeadlineKind.APPLICATIONS, applications.announce)
    deadlines.on(DeadlineKind.STAFF_LOG, staff_log.post_acts)
    deadlines.on(DeadlineKind.STAFF_DIGEST, staff_log.post_digest)
    deadlines.on(DeadlineKind.SHARE_NEWS, shares.post)
    deadlines.on(DeadlineKind.CREATOR_WEEK, CreatorWeekSender(services, client).send_all)
    deadlines.on(DeadlineKind.RESULTS, ResultPoster(services, client, courier).post)
    deadlines.on(DeadlineKind.PROOF, ProofPoster(services, client, courier).post)
    deadlines.on(DeadlineKind.FLAG_NOTICE, flags.announce)
    deadlines.on(DeadlineKind.PAYOUT_REQUESTS, payouts.announce)
    perks = PerkNotices(services.perks, services.app_state, staff, client.clock.estimate)
    deadlines.on(DeadlineKind.PERK_DELIVERY, perks.give_up)
    deadlines.on(DeadlineKind.PERK_TICKETS, perks.announce)
    deadlines.on(DeadlineKind.PERK_PANEL, PerkPanelPoster(services.perks.panels, client, courier).show)
    deadlines.on(DeadlineKind.CHEST, ChestPoster(services.chests, client, courier).show)
    deadlines.on(DeadlineKind.CHALLENGE, ChallengePoster(services, client, courier, staff).go_on)
    _handle_members(deadlines, services, client, staff)


def _handle_books(deadlines: Deadlines, services: Services) -> None:
    """Register the handlers of deadlines that concern only the books."""
    deadlines.on(DeadlineKind.FLAG_LOOK, services.flags.look)
    deadlines.on(DeadlineKind.PAYOUT_TRANSFER, services.transfers.go_on)
    _handle_deletions(deadlines, services)
    deadlines.on(DeadlineKind.WITHDRAWAL_REFUND, services.withdrawals.send_back)
    deadlines.on(DeadlineKind.GRANT_REQUEST, services.granting.requests.lapse)
    deadlines.on(DeadlineKind.GRANT_BATCH, services.granting.batches.lapse)
    deadlines.on(DeadlineKind.STANDING, services.standing.settle)
    deadlines.on(DeadlineKind.CLUB_PAUSES, services.clubs.pause)
    deadlines.on(DeadlineKind.PERK_END, services.perks.shop.end)
    deadlines.on(DeadlineKind.PERK_RESTOCK, services.perks.shop.restock)


def _handle_deletions(deadlines: Deadlines, services: Services) -> None:
    """Register the handlers for what remains of deleted members."""
    deadlines.on(DeadlineKind.RECORDS_END, services.personal_data.end_records)
    deadlines.on(DeadlineKind.ERASED_NOTES, services.personal_data.empty_notes)


def _handle_members(deadlines: Deadlines, services: Services, client: Rosette, staff: StaffMessenger) -> None:
    """Register the handlers for what Discord shows of members: their roles, and reactions below their messages."""
    roles = RoleFollower(services, client, staff)
    roles.listen()
    deadlines.on(DeadlineKind.MEMBER_ROLES, roles.follow)
    deadlines.on(DeadlineKind.GIFT_REACTION, ReactionSender(services.reactions, client, staff).react)


def _once_ready(client: Rosette, work: Callable[[], Awaitable[float]]) -> Callable[[], Awaitable[float]]:
    async def wait_and_work() -> float:
        await client.wait_until_ready()
        return await work()

    return wait_and_work


def _wake_with_guilds(client: Rosette, *workers: Worker) -> None:
    """Wake `workers` when a guild comes within reach: deadlines there have been waiting for it."""

    async def on_guild(_guild: discord.Guild) -> None:
        for worker in workers:
            worker.wake()

    client.add_listener(on_guild, "on_guild_available")
    client.add_listener(on_guild, "on_guild_join")


def _wake_on_connect(client: Rosette, worker: Worker) -> None:
    """Wake `worker` when the connection to Discord is back: the network to the providers may have been down too."""

    async def on_connection() -> None:
        worker.wake()

    client.add_listener(on_connection, "on_ready")
    client.add_listener(on_connection, "on_resumed")


def reconciler(services: Services, clock: Callable[[], int]) -> Worker:
    """Return the worker that asks payment providers every ten minutes for what they did not report, and deletes what is
    too old."""
    return Worker("reconciling payments", lambda: _reconcile(services, clock), interval_s=RECONCILE_EVERY_S)


async def _reconcile(services: Services, clock: Callable[[], int]) -> None:
    await services.orders.forget_tokens()
    await services.planned_gifts.forget()
    await services.applications.forget()
    await services.payment_events.reconcile(clock() - RECONCILE_BACK_MS)
