"""The command `python -m sandbox`: try Rosette in a browser, or send it a gift storm and read how it went."""

import argparse
import asyncio
import contextlib
import logging
import signal
import socket
import sys
from pathlib import Path
from typing import Final

import orjson

from sandbox.sandbox import HOST, ROOT, Sandbox
from sandbox.storm_plan import MIXES, Plan

PORT: Final = 8420
PORT_TAKEN: Final = 2
STORM_FAILED: Final = 1
READY_SECONDS: Final = 30.0
LAST_LINES: Final = 10
FOLDER: Final = ROOT / "build" / "sandbox"


async def run(port_socket: socket.socket, folder: Path, *, keep: bool, with_log: bool, plan: Plan | None = None) -> int:
    """Run until Ctrl-C, SIGTERM or the end of the planned storm, and return the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    sandbox = Sandbox(
        port_socket,
        folder,
        bot_command(keep=keep),
        pictures=FOLDER / "pictures",
        on_line=lambda line: print(f"bot | {line}", file=sys.stderr, flush=True) if with_log else None,
    )
    await sandbox.start()
    work = asyncio.create_task(_open(sandbox) if plan is None else _rehearse(sandbox, plan))
    stop_request = asyncio.create_task(stop.wait())
    # Without a storm, opening finishes early and the sandbox keeps running until somebody stops it.
    await asyncio.wait([stop_request] if plan is None else [stop_request, work], return_when=asyncio.FIRST_COMPLETED)
    stop_request.cancel()
    failure = plan is not None and work.done() and work.exception()
    if failure and not isinstance(failure, BotDownError):
        print(f"The storm failed: {failure!r}", file=sys.stderr)
    work.cancel()
    print("\nStopping …", file=sys.stderr, flush=True)
    await sandbox.stop()
    return STORM_FAILED if failure else 0


def bot_command(*, keep: bool) -> list[str]:
    """Return the command line of the bot.

    Without `keep` it gets `--new-books`: the old books were removed on purpose, and without the option the bot would
    refuse to start new ones.
    """
    return [sys.executable, "-m", "bot", "run", *([] if keep else ["--new-books"])]


class BotDownError(Exception):
    """The bot did not start, or has ended. Its last log lines have already been printed."""


async def _rehearse(sandbox: Sandbox, plan: Plan) -> None:
    """Send one storm and print its report as one line of JSON; raise BotDownError if the bot is down."""
    if not await _is_up(sandbox):
        raise BotDownError
    storm = asyncio.create_task(_storm(sandbox, plan))
    death = asyncio.create_task(sandbox.died.wait())
    try:
        await asyncio.wait((storm, death), return_when=asyncio.FIRST_COMPLETED)
        if not storm.done():
            _show_last_lines(sandbox, "The bot ended in the middle of the storm.")
            raise BotDownError
        await storm
    finally:
        storm.cancel()
        death.cancel()


async def _storm(sandbox: Sandbox, plan: Plan) -> None:
    await sandbox.play()
    print(orjson.dumps(await sandbox.storm(plan)).decode(), flush=True)


async def _open(sandbox: Sandbox) -> None:
    await _is_up(sandbox)
    print(f"\n  Rosette sandbox: {sandbox.address}/\n\n  Ctrl-C stops it.", flush=True)
    await sandbox.play()


async def _is_up(sandbox: Sandbox) -> bool:
    """Wait for the bot; if it does not come up, print why and return False."""
    try:
        await asyncio.wait_for(sandbox.settled.wait(), READY_SECONDS)
    except TimeoutError:
        _show_last_lines(sandbox, f"The bot did not come online within {READY_SECONDS:.0f} seconds.")
        return False
    if sandbox.bot.state == "dead":
        _show_last_lines(sandbox, "The bot did not start.")
        return False
    return True


def _show_last_lines(sandbox: Sandbox, reason: str) -> None:
    lines = list(sandbox.bot.lines)[-LAST_LINES:]
    print(f"{reason} Its last lines:", *(f"  {line}" for line in lines), sep="\n", file=sys.stderr, flush=True)


def _forget(folder: Path) -> None:
    """Remove the files of an earlier run, and nothing else: the user may have named any folder."""
    for file in (*folder.glob("rosette.db*"), folder / "checkout.json", folder / "stripe.json"):
        file.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, run the sandbox and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Try Rosette without Discord.")
    parser.add_argument("--port", type=int, default=PORT, help=f"port of the page (default {PORT}; 0: any free port)")
    parser.add_argument("--keep", action="store_true", help="keep the books of the last run")
    parser.add_argument("--folder", type=Path, help="folder for the books; without --keep, old books are deleted")
    parser.add_argument("--log", action="store_true", help="print the bot's log here, too")
    storm = parser.add_argument_group("a gift storm without a browser: send it, print its report, and exit")
    storm.add_argument("--storm", type=int, metavar="RATE", help="gifts per second")
    storm.add_argument("--seconds", type=int, default=10, help="length in seconds (default 10)")
    storm.add_argument("--mix", choices=MIXES, default="mixed", help="which gifts to send (default mixed)")
    storm.add_argument("--givers", type=int, default=200, help="number of members who send (default 200)")
    storm.add_argument("--reversals", type=int, default=0, help="number of gifts that staff take back (default 0)")
    options = parser.parse_args(arguments)
    try:
        plan = (
            Plan(options.storm, options.seconds, options.mix, options.givers, options.reversals)
            if options.storm is not None
            else None
        )
    except ValueError as error:
        parser.error(str(error))
    logging.basicConfig(level=logging.WARNING, format="sandbox | %(message)s")
    try:
        port_socket = socket.create_server((HOST, options.port))
    except (OSError, OverflowError) as error:
        print(f"Port {options.port} is not available ({error}). Try --port 0 for any free port.", file=sys.stderr)
        return PORT_TAKEN
    # One folder per port, so that two sandboxes side by side do not share their books.
    folder = (options.folder or FOLDER / str(port_socket.getsockname()[1])).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not options.keep:
        _forget(folder)
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(run(port_socket, folder, keep=options.keep, with_log=options.log, plan=plan))
    return 0
