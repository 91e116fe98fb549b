"""What every suite may use: the databases, a rig for each kind of them, and a fresh guild per test."""

import contextlib
import gc
import importlib
import os
import shutil
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.storage.connect.address import database_url
from bot.storage.maintenance import migrate
from sandbox.discord.exchange import PATIENCE_SECONDS
from tests import forkserver, ordering, postgres, scratch, services_needed
from tests.browsing import chromium, windows
from tests.rig import Rig, Town
from tests.thoroughness import PART, by_thoroughness, is_in_part

__all__ = ["chromium", "windows"]  # fixtures of every suite that looks at a page

# No deadline, and no limit to how long it takes to think of values: a rule is not to blame for two busy cores.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("rosette", PATIENT, print_blob=True)
# Mutation testing runs the same tests thousands of times, so it uses few examples, always the same ones.
settings.register_profile("mutants", PATIENT, max_examples=20, derandomize=True)
settings.register_profile("quick", PATIENT, print_blob=True, max_examples=30)
settings.register_profile("long", PATIENT, print_blob=True, max_examples=3_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", by_thoroughness(quick="quick", full="rosette", long="long")))


TESTS = Path(__file__).parent
KINDS = ("sqlite", "postgresql")
SERVED_BY_BOTH = {
    "storage": by_thoroughness(quick=3, full=2, long=1),
    "services": by_thoroughness(quick=8, full=8, long=1),
    "bot": by_thoroughness(quick=0, full=12, long=1),
}
"""By suite, one test in how many runs on a second database, with 0 for none. What is true of one kind only is marked.

The statements of the bot are those of services, and theirs are those of storage."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the `databases` mark, and let tests write into memory."""
    scratch.use_memory()
    mark = "databases(*kinds, one_in=1): the kinds of database that a test, or one test in so many, runs on"
    config.addinivalue_line("markers", mark)


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker import a part of the tests first. In a new clone, no worker then compiles what another has.

    To rewrite the assertions of all files takes more time than everything else before the first test.
    """
    number, count = os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:], os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")
    if count == "1" or session.config.args != session.config.getini("testpaths"):
        return
    for file in sorted(TESTS.rglob("test_*.py"))[int(number) :: int(count)]:
        importlib.import_module(".".join(file.relative_to(TESTS.parent).with_suffix("").parts))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose the part of this run, unless tests are named, and let each worker begin with the longest tests."""
    are_named = config.args != config.getini("testpaths") or config.option.keyword or config.option.markexpr
    if PART is not None and not are_named:
        others = [item for item in items if not is_in_part(item.nodeid, PART)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if is_in_part(item.nodeid, PART)]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = ordering.spread(items, lambda item: item.nodeid.startswith(ordering.LONGEST), workers)


def pytest_collection_finish() -> None:
    """Let no garbage collection look through all that was imported and collected, which stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """Run three tests for each core, because a test spends much of its time waiting."""
    return 3 * len(os.sched_getaffinity(0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print at the end what was skipped or left out, and how to enable it."""
    reports: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    line = services_needed.summary(report.longrepr[2] for report in reports if isinstance(report.longrepr, tuple))
    if line:
        terminalreporter.write_line(line, yellow=True)
    if PART is not None:
        terminalreporter.write_line("This was a part of the tests that take long. `make test-all` runs all of them.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that need books on the databases of their mark or suite. Tests that need a file run on SQLite."""
    if "books_kind" not in metafunc.fixturenames:
        return
    kinds = KINDS[:1] if "file" in metafunc.fixturenames else kinds_of(metafunc.definition)
    metafunc.parametrize("books_kind", kinds, indirect=True, scope="session")


def kinds_of(test: pytest.Function) -> Sequence[str]:
    """Return the kinds of database that a test runs on: the first only, unless it is among those that run on all."""
    mark = test.get_closest_marker("databases")
    kinds: Sequence[str] = mark.args if mark else KINDS
    of_its_suite = max((SERVED_BY_BOTH.get(suite, 0) for suite in test.path.parts), default=0)
    one_in: int = mark.kwargs.get("one_in", 1) if mark else of_its_suite
    runs_on_all = bool(one_in) and zlib.crc32(test.nodeid.encode()) % one_in == 0
    return kinds if runs_on_all else kinds[:1]


@pytest.fixture(scope="session")
def books_kind(request: pytest.FixtureRequest) -> str:
    """Which database holds the books: sqlite or postgresql."""
    return request.param


def without_postgresql(_why: str) -> None:
    """Skip a test that needs PostgreSQL."""
    services_needed.go_without(services_needed.POSTGRESQL)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server of our own. Machines without PostgreSQL skip the tests that need it."""
    with postgres.running(without_postgresql) as server:
        yield server


@pytest.fixture
def own_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server of the test's own, to be stopped and started."""
    with postgres.running(without_postgresql) as server:
        yield server


@pytest.fixture(scope="session")
def template(server: postgres.Server) -> Iterator[str]:
    """The name of an empty database at the newest revision, to be copied."""
    with server.database() as name:
        migrate.upgrade(database_url(server.address(name)))
        yield name


@pytest.fixture
def shared(server: postgres.Server, template: str) -> Iterator[str]:
    """The address of a PostgreSQL database of the test's own."""
    with server.database(template) as name:
        yield server.address(name)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest revision, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "books.db"
    migrate.upgrade(database_url(f"sqlite:///{file}"))
    return file


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """A test's own database file."""
    return Path(shutil.copy(migrated, tmp_path / "books.db"))


@pytest.fixture
def address(books_kind: str, request: pytest.FixtureRequest) -> str:
    """The address of the test's own database, empty and at the newest revision."""
    if books_kind == "postgresql":
        return request.getfixturevalue("shared")
    return f"sqlite:///{request.getfixturevalue('file')}"


@pytest.fixture(scope="session")
async def rig(
    books_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Rig]:
    """A local Discord, a pretend checkout, and the real bot as its own process."""
    with contextlib.ExitStack() as stack:
        address = None
        if books_kind == "postgresql":
            server: postgres.Server = request.getfixturevalue("server")
            address = server.address(stack.enter_context(server.database(request.getfixturevalue("template"))))
        rig = Rig(tmp_path_factory.mktemp("rig"), address, spawn=forkserver.spawn)
        # On a busy machine an answer may be late without any fault. `make bench` measures how fast answers are.
        rig.world.first_answer_seconds = PATIENCE_SECONDS
        await rig.open()
        await rig.start_bot()
        yield rig
        await rig.close()


@pytest.fixture
async def own_rig(books_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """A rig of the test's own, for tests that stop or kill the bot. The test starts the bot itself."""
    if books_kind == "postgresql":
        address = request.getfixturevalue("shared")
    else:
        address = None
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "rosette.db")
    rig = Rig(tmp_path, address, spawn=forkserver.spawn)
    await rig.open()
    yield rig
    await rig.close()


@pytest.fixture
async def town(rig: Rig) -> Town:
    """A fresh guild with an owner, a moderator, creators and members. Its books are open."""
    return await rig.found_town()


@pytest.fixture(scope="session")
def openapi_path() -> Path:
    """Discord's published API description. Clones without it skip the tests that need it."""
    path = Path(os.environ.get("DISCORD_OPENAPI", "absent"))
    if not path.is_file():
        services_needed.go_without(services_needed.API_DESCRIPTION)
    return path
