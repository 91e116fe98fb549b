"""A tier looks the same everywhere, and buttons know it by a number that it keeps."""

import pytest

from bot.domain.catalogue import GiftItem, Tier, default_items
from bot.imaging.gifts.backdrops import BACKDROPS
from bot.imaging.gifts.medal import METALS
from bot.ui.looks.tiers import TIER_STYLES, tier_numbered
from bot.ui.text.reader import reader_for
from bot.ui.text.refusals import Unreadable
from cogs.gift.shelf import render, views


def test_every_tier_has_a_style_a_backdrop_and_a_medal() -> None:
    assert set(TIER_STYLES) == set(BACKDROPS) == set(METALS) == set(Tier)


def test_tiers_are_styled_in_the_order_of_their_prices() -> None:
    assert [*TIER_STYLES] == sorted(Tier, key=lambda tier: tier.from_price)


def test_no_two_tiers_share_a_colour_an_emoji_or_a_name() -> None:
    for looks in zip(*TIER_STYLES.values(), strict=True):
        assert len(set(looks)) == len(Tier)


def test_menus_and_buttons_carry_the_number_of_a_tier() -> None:
    items, reader = default_items(7), reader_for("en-US")
    options = render.tiers(items, Tier.GRAND, reader)
    full_shelf = [GiftItem(7, number, "Comet", "☄️", 9_999) for number in range(1, 40)]
    page = render.shelf_page(full_shelf, Tier.GRAND, 0, None)
    panel = views.panel(page, full_shelf, 5, None, reader)
    links = [str(item.payload()["custom_id"]) for item in panel.items[2:]]

    assert [option.value for option in options] == [tier.number for tier in Tier]
    assert links == [f"gifts-page:5:{Tier.GRAND.number}:{page}" for page in (0, 1)]


@pytest.mark.parametrize(("position", "tier"), [*enumerate(["small", "medium", "large", "grand", "legendary"])])
def test_a_position_on_an_old_button_is_still_understood(position: int, tier: str) -> None:
    assert tier_numbered(position) is Tier(tier)


def test_a_number_that_no_tier_has_is_refused() -> None:
    with pytest.raises(Unreadable):
        tier_numbered(99)
