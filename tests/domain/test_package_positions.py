"""A new package stands in the shop where its size belongs."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.packages import Package, default_packages, position_among

SHOP = default_packages(7, archived=False)


def in_order(shop: list[Package]) -> list[Package]:
    """Return packages as the shop shows them."""
    return sorted(shop, key=lambda package: (package.position, package.coins, package.package_id))


def added(shop: list[Package], coins: int) -> list[Package]:
    """Return the shop, in its order, with a new package without a position."""
    package = Package(7, len(shop) + 1, coins, 999)
    return in_order([*shop, replace(package, position=position_among(shop, coins))])


@given(st.lists(st.integers(1, 50_000), max_size=18))
def test_new_packages_keep_sizes_in_a_row(sizes: list[int]) -> None:
    shop = SHOP
    for coins in sizes:
        shop = added(shop, coins)

    assert [package.coins for package in shop] == sorted(package.coins for package in shop)


@given(st.permutations(range(1, 8)), st.integers(1, 50_000))
def test_a_new_package_moves_no_other(positions: list[int], coins: int) -> None:
    moved = [replace(package, position=position) for package, position in zip(SHOP, positions, strict=True)]
    shop = in_order(moved)

    assert [package for package in added(shop, coins) if package.package_id <= len(SHOP)] == shop


def test_the_first_package_of_an_empty_shop_is_first() -> None:
    assert position_among([], 500) == 1
