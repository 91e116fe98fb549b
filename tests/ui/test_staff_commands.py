"""What members read names no command that only staff have: they would find none, or be refused."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.domain.policy import ANYONE, POLICY

ROOT = Path(__file__).parents[2]
FAMILIES = ("cases", "catalogue", "coins", "creators", "packages", "settings")
"""Cogs whose commands are all for staff."""
FOR_STAFF = (
    *(f"cogs/{family}/" for family in FAMILIES),
    *("cogs/challenges/drafts.py", "cogs/perks/staff_render.py", "cogs/help/topics.py"),
    *("bot/ui/looks/applications.py", "bot/ui/looks/notices.py"),
)
"""Where texts for staff are."""
REFUSALS = re.compile(r"bot/ui/text/(\w*refusal\w*|freezes)\.py")
"""Where refusals are. `test_refusal_readers` reads each of them as a member would."""


def staff_commands() -> set[str]:
    """Return the first words of the commands of which members may call none."""
    families: dict[str, list[frozenset[str]]] = {}
    for command, needs in POLICY.items():
        families.setdefault(command.split()[0], []).append(needs)
    return {
        family
        for family, needs in families.items()
        if family.islower() and ANYONE not in needs and not any("creator" in each for each in needs)
    }


def texts() -> Iterator[tuple[str, str]]:
    """Yield every literal text of the cogs and of what they share, with its file."""
    for folder in ("cogs", "bot/ui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            docstrings = set(map(id, _docstrings(tree := ast.parse(path.read_text(encoding="utf-8")))))
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                    yield str(path.relative_to(ROOT)), node.value


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def test_what_members_read_names_no_command_that_only_staff_have() -> None:
    command = re.compile(rf"`/({'|'.join(sorted(staff_commands()))})\b")
    naming = [(path, text) for path, text in texts() if command.search(text)]

    assert {"coins", "creators", "settings", "perk", "challenge"} <= staff_commands()
    assert {"gift", "creator", "live", "perks", "help"}.isdisjoint(staff_commands())
    assert [pair for pair in naming if not pair[0].startswith(FOR_STAFF) and not REFUSALS.fullmatch(pair[0])] == []
    # A row of the table that nothing needs any more would hide the next text.
    assert [row for row in FOR_STAFF if not any(path.startswith(row) for path, _ in naming)] == []
