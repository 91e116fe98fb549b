"""How the code is named and commented, in figures: `make names` prints them for each part of the project.

A variable is a noun of the product; a participle or a pronoun says nothing about what it holds. WORDS are those that
this code once used as variables. A boolean may be a participle with its verb: `is_paused`.
"""

import ast
import io
import statistics
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PARTS = ("bot", "cogs", "sandbox", "benchmarks", "tests")
WORDS = frozenset(
    """
    asked answered begun bought broken brought built called chosen cleaned closed counted done drawn ended expected
    failed fed filled found gave given gone got had heard held here kept known left lost made meant mine missed moved
    named one ones opened other others ours owed paid parted passed played put read_ received refused rest said saved
    seen sent settled shown sold some spent stood taken that theirs them there these they this those thrown told
    touched tried typed waited wanted wrong written yours
    """.split()  # noqa: SIM905 - easier to read and to add to
)


class Figures(NamedTuple):
    """What was counted in one part. `names` are all that is assigned or a parameter; lengths are in lines."""

    lines: int
    comments: int
    names: Counter[str]
    functions: list[int]
    files: list[int]

    @property
    def participles(self) -> Counter[str]:
        """The names out of WORDS."""
        return Counter({name: times for name, times in self.names.items() if name in WORDS})


def measure(part: str) -> Figures:
    """Return the figures of the Python files below a folder of the project."""
    figures = Figures(0, 0, Counter(), [], [])
    for path in sorted((ROOT / part).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        count = len(source.splitlines())
        figures.files.append(count)
        figures = figures._replace(lines=figures.lines + count, comments=figures.comments + _comments(source))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                figures.functions.append((node.end_lineno or node.lineno) - node.lineno + 1)
            figures.names.update(_assigned(node))
    return figures


def _assigned(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg


def _comments(source: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return sum(token.type == tokenize.COMMENT and "noqa" not in token.string for token in tokens)


def _percentile(values: list[int], percent: int) -> int:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def main() -> None:
    """Print a line for each part, and the names out of WORDS with their numbers."""
    for part in sys.argv[1:] or PARTS:
        figures = measure(part)
        names, words = figures.names.total(), figures.participles
        sizes = [
            f"{what} {statistics.median(lengths):.0f}/{_percentile(lengths, 90)}/{max(lengths)}"
            for what, lengths in (("functions", figures.functions), ("files", figures.files))
        ]
        print(  # noqa: T201 - a command's output
            f"{part}: {figures.lines:,} lines, {100 * figures.comments / figures.lines:.1f} comments per hundred; "
            f"{', '.join(sizes)} lines (median/90 %/longest); {100 * words.total() / names:.2f} % of {names:,} names "
            f"are participles or pronouns: {', '.join(f'{word} {times}' for word, times in words.most_common())}"
        )


if __name__ == "__main__":
    main()
