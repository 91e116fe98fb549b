"""What the list of packages tells staff to do."""

from dataclasses import replace

from bot.domain.packages import Package, default_packages
from bot.ui.kit.cards import Card
from bot.ui.text.reader import reader_for
from cogs.packages import render

READER = reader_for("en-US")


def test_a_shop_whose_packages_are_all_archived_says_so_and_to_whoever_may_how_to_bring_one_back() -> None:
    archived = default_packages(7, archived=True)
    mixed = [replace(archived[0], archived=False), *archived[1:]]

    cards = [_card(archived), _card(archived, may_change=False), _card(mixed), _card([])]
    texts = ["\n".join(part.text for part in card.parts) for card in cards]

    assert ["all packages are archived" in text for text in texts] == [True, True, False, False]
    assert ["Bring one back with `/packages edit`" in text for text in texts] == [True, False, False, False]


def test_only_whoever_may_change_packages_reads_how_and_only_where_some_are_for_sale() -> None:
    shop, archived = default_packages(7, archived=False), default_packages(7, archived=True)

    cards = [_card(shop), _card(shop, may_change=False), _card(archived), _card([])]

    assert ["or change one with `/packages edit`" in card.parts[-1].text for card in cards] == [
        True,
        False,
        False,
        False,
    ]


def _card(shop: list[Package], *, may_change: bool = True) -> Card:
    return render.packages(shop, 0, 1, READER, can_pay=True, may_change=may_change)
