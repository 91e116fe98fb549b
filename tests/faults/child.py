"""A process made to die: it forks a child per job, which opens the books, settles commands, and may be struck.

Run as `python -m tests.faults.child`: jobs come in as lines of JSON, and each yields its process id and later its exit
code. Forking makes hundreds of deaths affordable, because Python starts only once. A job may name other work than
commands, in one of the modules that are given as arguments.
"""

import asyncio
import gc
import importlib
import itertools
import json
import os
import pkgutil
import signal
import sys
import traceback
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.domain.errors import Refusal
from bot.domain.ledger.chest import OpenChest, ReturnChest, TakeShare
from bot.domain.ledger.chip_returns import ReturnChip
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.claim import ClaimOffer
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.grant_many import GrantMany
from bot.domain.ledger.grants_undo import UndoGrants
from bot.domain.ledger.joint_reversal import ReverseJoint
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnCause, ReturnPerk
from bot.domain.ledger.pool_gift import SendPool
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.ledger.won_dispute import WinDispute
from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url, is_shared
from bot.storage.connect.awaited import AwaitedTransactions
from bot.storage.connect.replication import Replication
from bot.storage.connect.sqlite import writing_engine
from bot.storage.connect.transactions import ThreadTransactions, Transactions
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders
from bot.storage.ledger.writer import Writer
from bot.storage.sql.statements import cursor_of
from tests.faults.disk import acknowledgement
from tests.faults.kill_points import Fuse, MortalLoop, kill, make_connections_mortal, terminate_on
from tests.storage.town import GUILD, Clock

STRUCK = 3
"""Exit code of a child that was struck and finished its job all the same."""

COMMANDS = (
    *(SendGift, CreditOrder, Grant, GrantMany, UndoGrants, Reverse, Reinstate),
    *(RequestPayout, RecordPayout, RejectPayout, ClaimOffer),
    *(OpenChest, TakeShare, ReturnChest),
    *(SendTeamGift, ReverseJoint, ChipCoins, ReturnChip, SendPool, BuyPerk, ReturnPerk, WinDispute),
)
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in COMMANDS}


def transactions(address: str, mode: str) -> Transactions:
    """Return a writer's transactions: the bot's own ("full"), less durable ("normal"), or none ("autocommit")."""
    url = database_url(address)
    if is_shared(url):
        engine = postgresql.writing_engine(url)
        if mode == "autocommit":
            engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        return AwaitedTransactions(engine, Replication())
    if mode == "autocommit":
        engine = create_engine(url)
        event.listen(engine, "connect", _autocommit)
        return ThreadTransactions(engine)
    engine = writing_engine(url)
    if mode == "normal":
        event.listen(engine, "connect", _normal)
    return ThreadTransactions(engine)


def _autocommit(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None


def _normal(connection: DBAPIConnection, _record: object) -> None:
    connection.cursor().execute("PRAGMA synchronous=NORMAL")


async def live(job: dict[str, Any], process: ProcessTransactions | None) -> None:
    """Open the books of a job and submit its commands, `width` at a time. Note each acknowledged one in `acks`.

    Last comes the number of points, if the job `counts` them.
    """
    acks = os.open(job["acks"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    log = os.open(job["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if "log" in job else None
    clock = Clock()
    books = None
    Fuse.strike = terminate_on(job["address"]) if job.get("way") == "terminate" else kill
    Fuse.at = job.get("strike_at", 0) if job.get("from_start") else None
    if job["how"] in {"open", "apart"}:
        books = await Database.open(job["address"], clock=clock, process=process)
        writer = books.writer
    else:
        # This writer has no process lock, and its batches may be neither atomic nor durable.
        writer = Writer(
            transactions(job["address"], job["how"]), folding.FOLDING, clock=clock, new_holder=holders.new_holder
        )
    if "checkpoint" in job:
        await writer.perform(lambda c: cursor_of(c).execute(f"PRAGMA wal_autocheckpoint={job['checkpoint']}"))
    remaining = iter(job["commands"])
    ack_numbers = itertools.count(1)
    Fuse.at = job.get("strike_at", 0)

    async def submit_remaining() -> None:
        for kind, fields in remaining:
            command: Command = KINDS[kind](**fields)
            if isinstance(command, ReturnPerk):
                command = command._replace(cause=ReturnCause(command.cause))
            try:
                await writer.submit(command)
            except Refusal as refusal:
                sys.stderr.write(f"{refusal!r}\n")
                continue
            label = fields.get("note") or command.key
            os.write(acks, f"{label}\n".encode())
            if next(ack_numbers) == job.get("halt_at"):
                # Stop here, because a test that wants to kill us halfway may be slower than we are.
                os.kill(os.getpid(), signal.SIGSTOP)
            if log is not None:
                os.write(log, acknowledgement(label))

    await asyncio.gather(*(submit_remaining() for _ in range(job.get("width", 1))))
    if job.get("folds"):
        await writer.catch_up(GUILD)
    Fuse.at = None
    note_points(job, acks)
    await (books.close() if books else writer.close())


def note_points(job: dict[str, Any], acks: int) -> None:
    """Note in `acks` how many points the commands have passed, if the job asks for that."""
    if job.get("counts"):
        os.write(acks, f"{Fuse.points}\n".encode())


def carry_out(job: dict[str, Any]) -> None:
    """Carry out a job in this process."""
    os.environ.update(job.get("env", {}))
    if "work" in job:
        Fuse.is_sparing = True
        with asyncio.Runner(loop_factory=MortalLoop) as runner:
            runner.run(pkgutil.resolve_name(job["work"])(job))
        return
    asyncio.run(live(job, ProcessTransactions.fork() if job["how"] == "apart" else None))


def main() -> None:
    """Read jobs from stdin and fork a child for each."""
    for module in sys.argv[1:]:
        importlib.import_module(module)
    make_connections_mortal()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if not pid:
            code = 1
            try:
                carry_out(job)
                code = STRUCK if Fuse.struck else 0
            except BaseException:  # noqa: BLE001 - nothing may run on in the copy of the parent
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(code)
        print(pid, flush=True)  # noqa: T201 - the protocol
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
