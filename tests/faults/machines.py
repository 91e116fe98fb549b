"""Two machines, which are two networks of this one, each with a PostgreSQL server: a primary and its standby."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from tests import postgres, scratch
from tests.rig import until

DATABASE = "postgres"
NETWORK = "10.77.0.0/16"
SYNCHRONOUS = ("fsync=off", "synchronous_standby_names=*")
"""The primary's settings: every commit needs the standby. No machine really fails, so no disk has to have it."""
FOLLOWING = ("fsync=off", "hot_standby=on")


@dataclass(frozen=True)
class Machine:
    """Where a server runs. `host` is its address for the bot, `inner_host` that for the other machine.

    `prefix` are words that run a command there. `network` has the cables `bot` and `pair`, unless it is this machine's.
    """

    host: str = "127.0.0.1"
    inner_host: str = "127.0.0.1"
    prefix: tuple[str, ...] = ()
    network: str = ""

    def cut(self, *cables: str) -> None:
        """Cut cables. Nobody is told: what is sent from now on is never answered."""
        for cable in cables:
            _ip("-n", self.network, "link", "set", cable, "down")


@dataclass(frozen=True)
class Pair:
    """A primary and its synchronous standby."""

    primary: postgres.Server
    standby: postgres.Standby

    @property
    def address(self) -> str:
        """Both, in the form of DATABASE_URL: the bot talks to the one that writes."""
        hosts = "&".join(f"host={server.host}:{server.port}" for server in (self.primary, self.standby))
        return f"postgresql+asyncpg://{postgres.OWNER}@/{DATABASE}?{hosts}&target_session_attrs=read-write"

    async def until_in_step(self) -> None:
        """Wait until commits wait for the standby."""

        async def is_in_step() -> bool:
            return self.primary.sql("SELECT sync_state FROM pg_stat_replication") == [["sync"]]

        await until(is_in_step)


@contextlib.contextmanager
def pair_on(first: Machine, second: Machine) -> Generator[Pair]:
    """Run a primary on the first machine and its standby on the second, for the length of a block."""
    assert postgres.BINARIES is not None
    everywhere = ("listen_addresses=*",) if first.network else ()
    folders = [
        Path(tempfile.mkdtemp(prefix=f"rosette-{role}-", dir=scratch.memory())) for role in ("primary", "standby")
    ]
    servers: list[postgres.Server] = []
    try:
        primary = postgres.Server(folders[0], postgres.BINARIES, durable=True, host=first.host, prefix=first.prefix)
        with (folders[0] / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write(f"host all all {NETWORK} trust\nhost replication all {NETWORK} trust\n")
        primary.start(*SYNCHRONOUS, *everywhere)
        servers.append(primary)
        standby = postgres.Standby(
            folders[1],
            postgres.BINARIES,
            primary=(first.inner_host, primary.port),
            host=second.host,
            prefix=second.prefix,
        )
        standby.start(*FOLLOWING, *everywhere)
        servers.append(standby)
        yield Pair(primary, standby)
    finally:
        for server in servers:
            # One that was stopped on the way has no process any more.
            with contextlib.suppress(AssertionError):
                server.stop("immediate")
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def two_machines() -> Generator[tuple[Machine, Machine]]:
    """Create two networks, cabled to this one (`bot`) and to each other (`pair`), for the length of a block."""
    networks = [f"rosette-{os.getpid()}-{letter}" for letter in "ab"]
    _ip("link", "set", "lo", "up")
    try:
        for number, network in enumerate(networks, start=1):
            _ip("netns", "add", network)
            _ip("link", "add", f"db{number}", "type", "veth", "peer", "name", "bot", "netns", network)
            _ip("addr", "add", f"10.77.{number}.1/24", "dev", f"db{number}")
            _ip("link", "set", f"db{number}", "up")
            _ip("-n", network, "addr", "add", f"10.77.{number}.2/24", "dev", "bot")
            for cable in ("lo", "bot"):
                _ip("-n", network, "link", "set", cable, "up")
        _ip("-n", networks[0], "link", "add", "pair", "type", "veth", "peer", "name", "pair", "netns", networks[1])
        for number, network in enumerate(networks, start=1):
            _ip("-n", network, "addr", "add", f"10.77.9.{number}/24", "dev", "pair")
            _ip("-n", network, "link", "set", "pair", "up")
        first, second = (
            Machine(f"10.77.{number}.2", f"10.77.9.{number}", _words_to_enter(network), network)
            for number, network in enumerate(networks, start=1)
        )
        yield first, second
    finally:
        # A network lives as long as a process in it. Its cables go at once, so that the next may have their names.
        for words in (("link", "del", "db1"), ("link", "del", "db2"), *(("netns", "del", name) for name in networks)):
            subprocess.run(["ip", *words], check=False)


def _words_to_enter(network: str) -> tuple[str, ...]:
    """Return the words that run a command in a network, as the user that runs PostgreSQL."""
    user, group = postgres.unprivileged() or (os.getuid(), os.getgid())
    return (
        *("ip", "netns", "exec", network),
        *("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--pdeathsig=QUIT", "--"),
    )


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
