"""What is typed finds things by any part of a name, and first those that begin with it."""

import ast
from pathlib import Path

from bot.domain.matching import matching

ROOT = Path(__file__).parents[2]
NAMES = ("Carousel", "Rosette", "Petal", "rose")


def names_for(query: str) -> list[str]:
    return matching(NAMES, query, lambda name: (name,))


def test_prefixes_come_first_whatever_their_case_and_the_rest_keeps_its_order() -> None:
    assert names_for("ro") == ["Rosette", "rose", "Carousel"]
    assert names_for(" OUS ") == ["Carousel"]


def test_nothing_typed_finds_everything_in_order_and_nonsense_nothing() -> None:
    assert names_for("") == [*NAMES]
    assert names_for("zz") == []


def test_any_name_of_a_thing_will_do() -> None:
    assert matching([1_400, 14_000, 700], "14", lambda coins: (str(coins), f"{coins:,}")) == [1_400, 14_000]


def test_no_list_narrows_in_a_way_of_its_own() -> None:
    own_ways = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("bot", "cogs")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In) and "query" in names_in(node.left)
    ]

    assert own_ways == []


def names_in(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
