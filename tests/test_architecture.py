"""Size limits that keep the code readable, and other rules of the house."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import naming

ROOT = Path(__file__).parent.parent
MOST_LINES = 300
MOST_LINES_OF_TESTS = 400
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_CALLBACK = 30
MOST_RIDDLES = 1.0
"""The share of names out of `naming.WORDS` that a room may have, in percent."""
ROOMS = (
    *(f"bot/{name}" for name in ("announcer", "domain", "imaging", "payments", "services", "storage", "ui", "web")),
    *("cogs", "sandbox", "benchmarks", "tests"),
)
CALLBACK_MAKERS = {"command", "context_menu", "button", "select"}
CALLBACK_METHODS = {"callback", "on_submit", "press"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked(*patterns: str) -> list[str]:
    """Return the tracked files that still exist, except migrations, which are history."""
    listing = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listing.stdout.split() if not path.startswith("migrations/") and (ROOT / path).is_file()]


FILES = tracked("*.py")


def tree_of(path: str) -> ast.Module:
    return naming.tree_of(ROOT / path)


@cache
def nodes_of(path: str) -> list[ast.AST]:
    return list(ast.walk(tree_of(path)))


def functions(path: str) -> Iterator[Function]:
    for node in nodes_of(path):
        if isinstance(node, Function):
            yield node


def lines_of(function: Function) -> int:
    """Count the lines from `def` to the end. Decorators do not count, because a command may describe many options."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_callback(function: Function) -> bool:
    decorators = [node.func if isinstance(node, ast.Call) else node for node in function.decorator_list]
    makers = {node.attr for node in decorators if isinstance(node, ast.Attribute)}
    return bool(makers & CALLBACK_MAKERS) or function.name in CALLBACK_METHODS


def over_budget(sizes: Iterator[tuple[str, int]], budget: int) -> list[str]:
    return [f"{place}: {lines} lines" for place, lines in sizes if lines > budget]


def lengths(paths: list[str]) -> Iterator[tuple[str, int]]:
    for path in paths:
        yield path, len((ROOT / path).read_text(encoding="utf-8").splitlines())


def test_the_project_is_looked_at():
    assert "bot/domain/ledger/gift.py" in FILES
    assert any(is_callback(function) for path in FILES if path.startswith("cogs/") for function in functions(path))


@pytest.mark.parametrize(("folder", "budget"), [("tests/", MOST_LINES_OF_TESTS), ("", MOST_LINES)])
def test_no_file_is_longer_than_its_budget(folder, budget):
    excluded = () if folder else ("tests/",)
    paths = [path for path in FILES if path.startswith(folder) and not path.startswith(excluded)]

    assert over_budget(lengths(paths), budget) == []


def test_no_script_of_a_page_is_longer_than_its_budget():
    scripts = tracked("*.js")

    assert "sandbox/page/static/js/commandline.js" in scripts
    assert over_budget(lengths(scripts), MOST_LINES) == []


def test_no_function_is_longer_than_its_budget():
    sizes = (
        (f"{path}:{function.lineno} {function.name}", lines_of(function))
        for path in FILES
        for function in functions(path)
    )

    assert over_budget(sizes, MOST_LINES_OF_A_FUNCTION) == []


def test_a_callback_only_translates():
    paths = [path for path in FILES if path.startswith(("cogs/", "bot/ui/"))]

    sizes = (
        (f"{path}:{function.lineno} {function.name}", lines_of(function))
        for path in paths
        for function in functions(path)
        if is_callback(function)
    )

    assert over_budget(sizes, MOST_LINES_OF_A_CALLBACK) == []


def test_every_module_says_why_it_is_there():
    assert [path for path in FILES if tree_of(path).body and not ast.get_docstring(tree_of(path))] == []


def test_no_migration_leads_back():
    """Rows that newer versions wrote would be lost on the way. Whoever has to go back restores a backup."""
    files = (ROOT / "migrations" / "versions").glob("[0-9]*.py")

    assert [file.name for file in files if "def downgrade" in file.read_text(encoding="utf-8")] == []


def test_each_migration_goes_on_from_the_one_before():
    files = sorted((ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    numbers = [file.name.partition("_")[0] for file in files]

    revisions = [
        re.findall(r'^(?:down_)?revision = "?(\w+)"?$', file.read_text(encoding="utf-8"), re.MULTILINE)
        for file in files
    ]

    assert [number for number, _ in revisions] == numbers
    assert len({before for _, before in revisions}) == len(numbers)
    assert {before for _, before in revisions} - {*numbers} == {"None"}


def test_files_of_tests_have_names_of_their_own() -> None:
    # pytest cannot collect two files of one name together, which goes unnoticed when they are run separately.
    names = [Path(path).name for path in tracked("tests/**/test_*.py", "tests/test_*.py")]

    assert sorted(names) == sorted({*names})


WALL_CLOCKS = {"time": {"time"}, "time_ns": {"time"}, "now": {"datetime"}, "utcnow": {"datetime", "utils"}}
"""Calls that read the machine's clock, which may be wrong, and of what they are called."""


def test_only_one_file_of_the_product_reads_the_machines_clock() -> None:
    readers = {
        path
        for path in FILES
        if path.startswith(("bot/", "cogs/"))
        for node in nodes_of(path)
        if (
            isinstance(node, ast.Attribute)
            and node.attr in WALL_CLOCKS
            and ast.unparse(node.value).split(".")[-1] in WALL_CLOCKS[node.attr]
        )
        # A function imported from `time` would escape the check above.
        or (isinstance(node, ast.ImportFrom) and node.module == "time")
    }

    assert readers == {"bot/clock.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_variables_are_named_after_what_they_hold(room: str) -> None:
    names = naming.names_in(room)

    assert names.share <= MOST_RIDDLES, names.words


VIEW_ITEMS = re.compile(r"(?:\w*View|Button|ActionRow|Container|Section|MediaGallery|Thumbnail|Separator)$")
"""Names in the library of what its views consist of. Menus are not among them: forms have some, too."""


def test_messages_are_built_of_our_own_components() -> None:
    # `bot.ui.kit.components` says why.
    uses = {
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path in FILES
        if path.startswith(("bot/", "cogs/"))
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute)
        and VIEW_ITEMS.match(node.attr)
        and ast.unparse(node.value) in {"ui", "discord.ui"}
    }

    assert uses == set()
