"""How the code is named and commented, in figures: `make names` prints a line for each room of the project, and one for
each file or folder of ARGS.

A variable is a noun of the product; a participle or a pronoun says nothing about what it holds. WORDS are those that
this code once used as variables. A boolean may be a participle with its verb: `is_paused`.
"""

import ast
import gc
import io
import statistics
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PARTS = ("bot", "cogs", "sandbox", "migrations", "benchmarks", "tests")
WORDS = frozenset(
    """
    asked answered begun bought broken brought built called chosen cleaned closed counted done drawn ended expected
    failed fed filled found gave given gone got had heard held here kept known left lost made meant mine missed moved
    named one ones opened other others ours owed paid parted passed played put read_ received refused rest said saved
    seen sent settled shown sold some spent stood taken that theirs them there these they this those thrown told
    touched tried typed waited wanted wrong written yours
    """.split()  # noqa: SIM905 - easier to read and to add to
)
SIDES = frozenset({"left"})
"""Words that are nouns where pictures are drawn."""
MOST_PLACES = 40
"""Where words of WORDS stand is listed for a part that has so few of them that somebody is about to rename them."""


class Word(NamedTuple):
    """A name out of WORDS, and where it is assigned."""

    name: str
    place: str


class Names(NamedTuple):
    """How many names are assigned, or are parameters, and those out of WORDS."""

    total: int
    words: list[Word]

    @property
    def share(self) -> float:
        """Return how many of a hundred names are out of WORDS."""
        return 100 * len(self.words) / max(1, self.total)


class Figures(NamedTuple):
    """What was counted in one part. Lengths are in lines."""

    part: str
    comments: int
    docstring_lines: int
    names: Names
    functions: list[int]
    files: list[int]

    def row(self) -> str:
        """Return the figures as a line below HEADER."""
        lines = max(1, sum(self.files))
        return (
            f"{self.part:<28}{lines:>8,}{100 * self.comments / lines:>10.1f}{100 * self.docstring_lines / lines:>12.1f}"
            f"{_sizes(self.functions):>13}{_sizes(self.files):>15}{self.names.total:>9,}{self.names.share:>8.2f} %"
        )


HEADER = (
    f"{'':<28}{'':>8}{'comments':>10}{'docstrings':>12}{'functions':>13}{'files':>15}{'':>9}{'':>8}\n"
    f"{'':<28}{'lines':>8}{'per 100':>10}{'per 100':>12}{'med/p90/max':>13}{'med/p90/max':>15}{'names':>9}{'words':>8}"
)


def measure(part: str) -> Figures:
    """Return the figures of a Python file of the project, or of all below a folder."""
    return _measure(part, _files_of(part))


def names_in(part: str) -> Names:
    """Return the names in a Python file of the project, or in all below a folder."""
    return _names_in({path: tree_of(path) for path in sorted(_files_of(part))})


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    # A tree is thousands of objects, and the collector would look through all trees again for each new one.
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"), str(path))
    finally:
        gc.freeze()
        gc.enable()


def _files_of(part: str) -> Iterable[Path]:
    return [ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py")


def _names_in(trees: Mapping[Path, ast.Module]) -> Names:
    names = Names(0, [])
    for path, tree in trees.items():
        assigned = [(name, line) for node in ast.walk(tree) for name, line in _assigned(node)]
        place = path.relative_to(ROOT)
        words = WORDS - SIDES if place.is_relative_to("bot/imaging") else WORDS
        names.words.extend(Word(name, f"{place}:{line}") for name, line in assigned if name in words)
        names = names._replace(total=names.total + len(assigned))
    return names


def rooms() -> Iterator[Figures]:
    """Yield the figures of each part, and of each room of the largest one."""
    for part in PARTS:
        yield measure(part)
        if part == "bot":
            yield _measure("  bot/*.py", (ROOT / part).glob("*.py"))
            folders = sorted(file.parent.name for file in (ROOT / part).glob("*/__init__.py"))
            yield from (measure(f"{part}/{name}")._replace(part=f"  {part}/{name}") for name in folders)


def _measure(part: str, paths: Iterable[Path]) -> Figures:
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(paths)}
    trees = {path: tree_of(path) for path in sources}
    nodes = [node for tree in trees.values() for node in ast.walk(tree)]
    return Figures(
        part,
        comments=sum(map(_comments, sources.values())),
        docstring_lines=sum(map(_docstring_lines, nodes)),
        names=_names_in(trees),
        functions=[_length(node) for node in nodes if isinstance(node, _Function)],
        files=[len(source.splitlines()) for source in sources.values()],
    )


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _assigned(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id, node.lineno
    elif isinstance(node, ast.arg):
        yield node.arg, node.lineno


def _length(node: ast.stmt | ast.expr) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _docstring_lines(node: ast.AST) -> int:
    if not isinstance(node, ast.Module | ast.ClassDef | _Function) or not node.body:
        return 0
    match node.body[0]:
        case ast.Expr(value=ast.Constant(value=str())) as docstring:
            return _length(docstring)
        case _:
            return 0


def _comments(source: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return sum(token.type == tokenize.COMMENT and "noqa" not in token.string for token in tokens)


def _sizes(lengths: list[int]) -> str:
    if not lengths:
        return "-"
    ninth = sorted(lengths)[min(len(lengths) - 1, len(lengths) * 90 // 100)]
    return f"{statistics.median(lengths):.0f}/{ninth}/{max(lengths)}"


def main(parts: list[str]) -> None:
    """Print a table of the parts, and the names out of WORDS in them."""
    figures = [measure(part.rstrip("/")) for part in parts] if parts else list(rooms())
    words = [word for part in figures for word in part.names.words if not part.part.startswith(" ")]
    times = Counter(word.name for word in words)
    report = [HEADER, *(part.row() for part in figures)]
    report += ["", "words: " + (", ".join(f"{name} {number}" for name, number in times.most_common()) or "none")]
    if parts and len(words) <= MOST_PLACES:
        report += [f"  {word.place} {word.name}" for word in words]
    print("\n".join(report))  # noqa: T201 - a command's output


if __name__ == "__main__":
    main(sys.argv[1:])
