"""What is typed finds things by any part of a name, and first those that begin with it."""

from bot.domain.matching import matching

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
