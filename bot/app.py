"""The composition root: the only file that sees every room, and puts them together."""

import asyncio
import contextlib
import logging
import os
import random
import secrets
import signal
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot import discordpy_internals, unseen_receipts
from bot.announcer.pace import Pace
from bot.background import background, overlay_part
from bot.client import BooksMissing, Rosette
from bot.clock import Clock, monotonic_ms
from bot.discord_requests import DiscordRequests
from bot.domain.errors import BooksClosed
from bot.exit_codes import Exit
from bot.gc_tuning import tune_collector
from bot.metrics.sources import Running
from bot.payments.provider import Provider
from bot.providers import providers_of
from bot.services import Services
from bot.services.assembly import build
from bot.services.payment_notes import PaymentNotes
from bot.services.pictures import PictureSources
from bot.settings import Settings
from bot.stopping import close, end_at_last
from bot.storage.checkpoint_keeper import SIGN_EVERY_S, CheckpointKeeper
from bot.storage.connect.address import StorageError
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.database import Database
from bot.storage.maintenance import checkpoints, erasure_list, marks
from bot.storage.probe import PROBE_EVERY_S, Probe
from bot.storage.watch import LOOK_EVERY_S, Watch
from bot.ui.kit.instances import Instances
from bot.ui.kit.legal import LegalPages
from bot.web.health import CHECK_EVERY_S, Health
from bot.web.server import WebServer
from bot.workers import Worker

if TYPE_CHECKING:
    from bot.metrics.server import MetricsServer

log = logging.getLogger(__name__)

COUNT_EVERY_S = 30.0
"""How often the counts of payments are read, because another process may have been told of them."""

SAVE_EVERY_S = 5.0
"""How far the cursor of shown receipts may lag. After a kill, receipts that may already have been shown are shown
again."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What all parts of one start share. `settings`, `process` and `new_books` are as in `run`; `stop` ends the run."""

    settings: Settings
    process: ProcessTransactions | None
    new_books: bool
    stop: asyncio.Event
    clock: Clock
    instances: Instances
    requests: DiscordRequests


async def run(settings: Settings, process: ProcessTransactions | None, *, new_books: bool) -> Exit:
    """Run the bot until it is told to stop; return the exit code. A failed start leaves one line in the log.

    `process` writes the books if they are a SQLite file. If there have been books before, only `new_books` lets the bot
    start new ones.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # A process with id 1 (in a container) ignores signals that have no handler.
        loop.add_signal_handler(number, stop.set)
    try:
        instances, requests = Instances(time.monotonic), DiscordRequests()
        start = _Start(settings, process, new_books, stop, Clock(), instances, requests)
        discordpy_internals.point_at(settings.discord_api_url, settings.discord_gateway_url)
        async with discordpy_internals.answering(instances.notice, requests), _database(start) as database:
            watch = Watch(database, clock=monotonic_ms, chance=random.random)
            await watch.check()
            return await _serve(start, database, watch)
    except (StorageError, BooksMissing) as error:
        log.critical("%s", error)
        return Exit.BOOKS
    except BooksClosed as error:
        if process is not None and process.has_ended:
            # Nothing is wrong with the books: the next start opens them again.
            log.critical("The process that writes the books has ended, so the bot stops")
            return Exit.FAILED
        log.critical("The books cannot be read, so the bot does not start: %s", error.__cause__)
        return Exit.BOOKS
    except discord.LoginFailure:
        log.critical("Discord does not accept this DISCORD_TOKEN. Copy it again from the developer portal.")
        return Exit.TOKEN
    except (OSError, aiohttp.ClientError, discord.HTTPException) as error:
        log.critical("The start failed: %s", error)
        return Exit.FAILED


@contextlib.asynccontextmanager
async def _database(start: _Start) -> AsyncGenerator[Database]:
    database = await Database.open(
        start.settings.database_url,
        clock=start.clock,
        dumps=start.settings.database_dumps,
        new_books=start.new_books,
        process=start.process,
    )
    try:
        yield database
    finally:
        await database.close()


async def _serve(start: _Start, database: Database, watch: Watch) -> Exit:
    settings, clock = start.settings, start.clock
    signing = await _signing(start, database)
    providers = providers_of(settings, PaymentNotes(database), clock.estimate)
    services = _services(start, database, providers)
    await services.earnings.confirm(settings.confirmed_payouts)
    await services.personal_data.repeat()
    pace = Pace(time.monotonic, asyncio.sleep)
    client = Rosette(
        services,
        clock,
        shards=settings.shards,
        shard_count=settings.shard_count,
        http_trace=start.requests.listen(pace.trace()),
        instances=start.instances,
        legal_pages=LegalPages(settings.privacy_url, settings.terms_url),
        new_books=start.new_books,
    )
    watching = Worker("checking the books", lambda: watch.look(client.serves), interval_s=LOOK_EVERY_S)
    probe = Probe(database.writer, clock=time.monotonic, new_id=lambda: secrets.token_hex(8))
    probing = Worker("probing the books", probe.look, interval_s=PROBE_EVERY_S)
    health = Health(
        probe.trouble,
        lambda: None if client.is_ready() else "not connected to Discord's gateway",
        lambda: None if clock.is_clear else "this machine's clock is in doubt",
        degraded=lambda: [f"webhooks of {provider}" for provider in services.webhook_watch.silent],
    )
    checking = Worker("checking the health", health.check, interval_s=CHECK_EVERY_S)
    overlay, showing = overlay_part(client, database)
    web = WebServer(services, health, overlay)
    timing = Worker("asking for the time", lambda: _ask_time(client), interval_s=1)
    clock.on_doubt = timing.wake
    of_the_app = (timing, watching, probing, checking, showing, *signing, *_keeping(services))
    unasked = background(services, database, client, pace)
    workers = (*of_the_app, *unasked.workers)
    await web.start(settings.web_host, settings.web_port)
    running = Running(database, client, unasked.boards, overlay.hub, probe, watch, web, start.requests)
    metrics = await _start_metrics(start, running)
    gateway = asyncio.create_task(_connect(client, settings.discord_token.get_secret_value(), workers), name="gateway")
    try:
        code = await _until_stopped(start, gateway, database)
    finally:
        end_at_last(start.process)
        unsettled = await close(client, gateway, web, workers, providers, database)
        if metrics is not None:
            await metrics.stop()
    return Exit.FAILED if unsettled and code is Exit.DONE else code


def _keeping(services: Services) -> tuple[Worker, ...]:
    """Return the workers that read what other processes received, and keep what members have not seen yet."""
    listening = Worker("watching webhooks", services.webhook_watch.load, interval_s=COUNT_EVERY_S)
    saving = Worker("keeping missed receipts", lambda: unseen_receipts.keep(services), interval_s=SAVE_EVERY_S)
    services.receipts.subscribe(saving.wake)
    return listening, saving


async def _signing(start: _Start, database: Database) -> tuple[Worker, ...]:
    """Compare the books with their checkpoint, and return the worker that renews it. Of several processes, only the one
    with shard 0 does this."""
    settings = start.settings
    if 0 not in settings.shards:
        return ()
    key = settings.checkpoint_key.get_secret_value()
    file = checkpoints.file_of(settings.database_url, settings.database_dumps, key)
    keeper = CheckpointKeeper(database, file, clock=start.clock.estimate)
    await keeper.check(new_books=start.new_books)
    return (Worker("signing the books", keeper.look, interval_s=SIGN_EVERY_S, cleanup=keeper.look_last),)


def _services(start: _Start, database: Database, providers: Sequence[Provider]) -> Services:
    settings = start.settings
    return build(
        database,
        providers,
        start.clock,
        estimate=start.clock.estimate,
        pictures=PictureSources(settings.discord_cdn_url, settings.picture_folder, settings.fonts_dir),
        public_url=settings.public_url,
        erasures_in=erasure_list.path_of(settings.database_url, settings.database_dumps),
    )


async def _start_metrics(start: _Start, running: Running) -> "MetricsServer | None":
    settings, process = start.settings, start.process
    if settings.metrics_port is None:
        return None
    # Imported only if wanted: Prometheus' client takes 4 MiB of memory.
    from bot.metrics.server import serve_metrics  # noqa: PLC0415

    address = settings.metrics_host, settings.metrics_port
    marks_file = marks.path_of(settings.database_url, settings.database_dumps)
    return await serve_metrics(running, address, marks_file, writer_pid=process.pid if process else None)


async def _connect(client: Rosette, token: str, workers: Sequence[Worker]) -> None:
    """Log in and stay connected. The background work starts once the client has logged in, because it waits for the
    client."""
    await client.login(token)
    # By now Discord has told us the time, and no member has been answered yet.
    await unseen_receipts.recover(client.services, client.serves)
    # Cogs and commands are loaded and will stay. Guilds are not: they come and go, and must remain collectable.
    tune_collector()
    for worker in workers:
        worker.start()
    client.services.pictures.start_filling()
    await client.connect()


async def _ask_time(client: Rosette) -> None:
    """Ask Discord for the time if the clock needs it; the client's clock picks up the answer."""
    if client.clock.needs_telling:
        # It is asked again in a second, and the log already says what is wrong.
        with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
            await discordpy_internals.ask_anything(client)


async def _until_stopped(start: _Start, gateway: asyncio.Task[None], database: Database) -> Exit:
    """Wait for a signal, or for the end of the gateway, of the process that writes the books, or of the books."""
    process = start.process
    signal_task = asyncio.create_task(start.stop.wait())
    process_task = asyncio.create_task(process.ended() if process else asyncio.Event().wait())
    books_task = asyncio.create_task(database.writer.gone())
    await asyncio.wait((gateway, signal_task, process_task, books_task), return_when=asyncio.FIRST_COMPLETED)
    process_task.cancel()
    books_task.cancel()
    if start.stop.is_set():
        log.info("Stopping")
        # A second signal must be able to end a stop that hangs.
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, os._exit, Exit.FAILED)
        return Exit.DONE
    signal_task.cancel()
    if books_task.done():
        log.critical("The books are gone, so the bot stops: %s", books_task.result())
        return Exit.BOOKS
    if process_task.done():
        code = process_task.result()
        log.critical("The process that writes the books ended with exit code %s, so the bot stops", code)
        return Exit.FAILED
    try:
        await gateway
    except discord.ConnectionClosed as error:
        log.critical("Discord closed the connection for good, so the bot stops: %s", error)
        return Exit.TOKEN if error.code == 4004 else Exit.FAILED
    return Exit.FAILED
