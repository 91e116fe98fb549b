"""The work in the background: puts together who speaks unasked, and who waits for what."""

import asyncio
from collections.abc import Awaitable, Callable

import discord

from bot.announcer.announcer import Announcer
from bot.announcer.application_notices import ApplicationNotices
from bot.announcer.board_delivery import BoardDelivery
from bot.announcer.case_notices import CaseNotices
from bot.announcer.courier import Courier
from bot.announcer.delivery import Delivery
from bot.announcer.flag_notices import FlagNotices
from bot.announcer.hidden_commands import HiddenCommands
from bot.announcer.live_boards import LiveBoards
from bot.announcer.live_endings import LiveEndings
from bot.announcer.lost_emoji import LostEmoji
from bot.announcer.match_cards import MatchCards
from bot.announcer.messages import Messages
from bot.announcer.pace import Pace
from bot.announcer.payout_notices import PayoutNotices
from bot.announcer.permission_watcher import PermissionWatcher
from bot.announcer.proofs import ProofPoster
from bot.announcer.share_news import ShareNewsSender
from bot.announcer.staff import StaffMessenger
from bot.announcer.staff_log import StaffLogPoster
from bot.announcer.thanks import ThankYouSender
from bot.client import Rosette
from bot.clock import Clock
from bot.domain.deadlines import Deadline, DeadlineKind
from bot.followers.deadlines import Deadlines
from bot.services import Services
from bot.storage.database import Database
from bot.storage.memory.announcements import StoredAnnouncementMemory
from bot.storage.memory.deadlines import DeadlineQueue
from bot.storage.memory.journal_feed import StoredJournalFeed
from bot.storage.memory.live_displays import StoredLiveMemory
from bot.workers import Worker

RECONCILE_EVERY_S = 600.0
RECONCILE_BACK_MS = 3 * 24 * 3600 * 1000
"""How far back providers are asked at least for what their webhooks did not report: as long as they retry one."""

LONGEST_REST_S = 5.0
"""The longest that anything waits for a time: another bot may have written, or the clock may have been corrected."""


def background_workers(services: Services, database: Database, client: Rosette, pace: Pace) -> tuple[Worker, ...]:
    """Return the workers that begin once the client can be waited for. `bot.followers.deadlines` lists the loops."""
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
    announcing = Worker("announcing gifts", announcer.catch_up, interval_s=LONGEST_REST_S, cleanup=announcer.stop)
    showing = Worker("refreshing live boards", boards.refresh, interval_s=LONGEST_REST_S, cleanup=boards.stop)
    firing = Worker("deadlines", _once_ready(client, deadlines.fire), interval_s=LONGEST_REST_S, cleanup=deadlines.stop)
    boards.wake, deadlines.wake = showing.wake, firing.wake
    database.on_deadline(deadlines.hear)
    _wake_with_guilds(client, showing, firing)
    events = services.payment_events
    settling = Worker("settling payments", events.begin, interval_s=LONGEST_REST_S, cleanup=events.stop)
    events.subscribe(settling.wake)
    reconciling = Worker("reconciling payments", lambda: _reconcile(services, clock), interval_s=RECONCILE_EVERY_S)
    _wake_on_connect(client, reconciling)
    # Providers know no guilds: of all processes the one with the first shard asks them.
    of_the_first = (reconciling,) if client.serves(0) else ()
    return (settling, announcing, showing, firing, *of_the_first)


def _announcer(services: Services, database: Database, client: Rosette, courier: Courier) -> Announcer:
    feed, memory = (
        StoredJournalFeed(database.follower_books),
        StoredAnnouncementMemory(database.follower_books, client.clock.estimate),
    )
    delivery = Delivery(memory, Messages(memory, client, services.pictures), courier)
    announcer = Announcer(feed, memory, client, delivery, asyncio.sleep)
    feed.subscribe(announcer.hear)
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
    """Say who deals with which deadlines."""
    endings = LiveEndings(services, StoredLiveMemory(database.follower_books, client.clock.estimate), client, courier)
    thanks = ThankYouSender(services.thanks, client, courier)
    cases, payouts = CaseNotices(services.payment_cases, staff), PayoutNotices(services.payouts, staff)
    shares = ShareNewsSender(services.shares, client, courier)
    applications = ApplicationNotices(services.applications, staff)
    flags = FlagNotices(services.flags, staff)
    cards = MatchCards(services, client, courier)
    staff_log = StaffLogPoster(services.desk.logs, client, courier)

    async def retry_channel(deadline: Deadline) -> None:
        announcer.retry(deadline.guild_id)
        boards.retry(deadline.guild_id)

    deadlines.on(DeadlineKind.LIVE_END, endings.end)
    deadlines.on(DeadlineKind.RECAP, endings.post_recap)
    deadlines.on(DeadlineKind.LIVE_BOARD, boards.show)
    deadlines.on(DeadlineKind.MATCH_ROUND, boards.show_match)
    deadlines.on(DeadlineKind.MATCH_CARD, cards.show)
    deadlines.on(DeadlineKind.QUIET_END, announcer.end_quiet_hours)
    deadlines.on(DeadlineKind.UNPIN, announcer.unpin)
    deadlines.on(DeadlineKind.CHANNEL_RETRY, retry_channel)
    deadlines.on(DeadlineKind.THANK_YOU, thanks.post)
    deadlines.on(DeadlineKind.PAYMENT_CASES, cases.announce)
    deadlines.on(DeadlineKind.APPLICATIONS, applications.announce)
    deadlines.on(DeadlineKind.STAFF_LOG, staff_log.post_acts)
    deadlines.on(DeadlineKind.STAFF_DIGEST, staff_log.post_digest)
    deadlines.on(DeadlineKind.SHARE_NEWS, shares.post)
    deadlines.on(DeadlineKind.PROOF, ProofPoster(services, client, courier).post)
    deadlines.on(DeadlineKind.FLAG_LOOK, services.flags.look)
    deadlines.on(DeadlineKind.FLAG_NOTICE, flags.announce)
    deadlines.on(DeadlineKind.PAYOUT_REQUESTS, payouts.announce)
    deadlines.on(DeadlineKind.WITHDRAWAL_REFUND, services.withdrawals.send_back)
    deadlines.on(DeadlineKind.GRANT_REQUEST, services.granting.requests.lapse)
    deadlines.on(DeadlineKind.GRANT_BATCH, services.granting.batches.lapse)


def _once_ready(client: Rosette, work: Callable[[], Awaitable[float]]) -> Callable[[], Awaitable[float]]:
    async def wait_and_work() -> float:
        await client.wait_until_ready()
        return await work()

    return wait_and_work


def _wake_with_guilds(client: Rosette, *workers: Worker) -> None:
    """Wake `workers` when a guild comes within reach: what was due there has waited for that."""

    async def on_guild(_guild: discord.Guild) -> None:
        for worker in workers:
            worker.wake()

    client.add_listener(on_guild, "on_guild_available")
    client.add_listener(on_guild, "on_guild_join")


def _wake_on_connect(client: Rosette, worker: Worker) -> None:
    """Wake `worker` when the connection to Discord is back: what was cut off from Discord may have been cut off from
    providers too."""

    async def on_connection() -> None:
        worker.wake()

    client.add_listener(on_connection, "on_ready")
    client.add_listener(on_connection, "on_resumed")


async def _reconcile(services: Services, clock: Clock) -> None:
    await services.orders.forget_tokens()
    await services.planned_gifts.forget()
    await services.applications.forget()
    await services.payment_events.reconcile(clock() - RECONCILE_BACK_MS)
