"""The limits that the product promises, each in one place."""

from bot.domain import announcements, catalogue, gift_totals, live, money, packages, posts, text, turns


def test_limits_are_what_the_product_says():
    assert (money.MAX_COUNT, money.MAX_AMOUNT, money.MAX_BALANCE) == (99, 1_000_000_000, 9_007_199_254_740_991)
    assert (text.MESSAGE_LENGTH, text.NAME_LENGTH, text.TITLE_LENGTH) == (200, 32, 80)
    assert (catalogue.MOST_ITEMS, packages.MOST_PACKAGES) == (100, 25)
    assert (packages.MAX_PRICE_MINOR, packages.MAX_BONUS_PERCENT) == (100_000_000, 200)
    assert (live.DEFAULT_MINUTES, live.MOST_MINUTES) == (120, 720)
    assert (gift_totals.NEWEST_NOTES, announcements.OWN_MESSAGES) == (3, 3)
    assert (turns.MOST_MESSAGES, turns.WINDOW_S, posts.PIN_GAP_MS) == (6, 10.0, 60_000)
