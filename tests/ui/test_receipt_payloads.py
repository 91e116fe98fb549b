"""The receipt of a gift to the last key, as Discord gets it: its buttons are remembered, so they have to be right."""

from typing import Any

import pytest
from discord.webhook.async_ import interaction_message_response_params

from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.ui.text.reader import reader_for
from cogs.gift import views

SENDER, CREATOR = 1_418_000_000_000_000_789, 1_418_000_000_000_000_790
CHANNEL, LIVE_CHANNEL = 1_418_000_000_000_000_123, 1_418_000_000_000_000_456
PACKAGE = Package(1, 1, 70, 99)


def gift(balance: int, quantity: int = 1) -> Receipt:
    """Return the receipt of a gift of Roses at 10 coins whose sender has `balance` coins left."""
    facts = {
        "creator": 9, "item": 3, "name": "Rose", "emoji": "🌹", "price": 10, "count": quantity, "coins": 10 * quantity,
        "paid": 10 * quantity, "promo": 0, "share": 5, "share_percent": 50, "anonymous": False, "channel": CHANNEL,
        "message": 0, "event": 7, "live_channel": LIVE_CHANNEL, "paid_after": balance, "promo_after": 0,
    }  # fmt: skip
    return Receipt(1, 1_234, "gift", 0, SENDER, CREATOR, facts, "")


def payload(receipt: Receipt, package: Package | None, locale: str) -> dict[str, Any]:
    """Return what the library makes of a receipt."""
    options = views.receipt(receipt, package, reader_for(locale)).sent()
    sent: Any = interaction_message_response_params(type=4, **options).payload
    return sent["data"]


def rows(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of buttons on a card."""
    (card,) = message["components"]
    return [part for part in card["components"] if part["type"] == 1]


def button(label: str, quantity: str, ceiling: str) -> dict[str, Any]:
    ids = f"gift-again:aru71r1gy8et:aru71r1gy8eu:3:{quantity}:0:{ceiling}:aru71r1gy7wb:0"
    return {"type": 2, "style": 2, "disabled": False, "label": label, "custom_id": ids}


@pytest.mark.parametrize(
    ("locale", "package", "labels"),
    [
        ("en-US", None, ("Send again for 🪙\xa010", "× 5 · 🪙\xa050", "× 10 · 🪙\xa0100")),
        ("en-US", PACKAGE, ("Send again for 🪙\xa010", "× 5 · 🪙\xa050", "× 10 · 🪙\xa0100")),
        ("de", None, ("Noch einmal senden für 🪙\xa010", "× 5 · 🪙\xa050", "× 10 · 🪙\xa0100")),
        ("de", PACKAGE, ("Noch einmal senden für 🪙\xa010", "× 5 · 🪙\xa050", "× 10 · 🪙\xa0100")),
    ],
)
def test_a_receipt_offers_the_same_gift_once_and_in_larger_numbers(
    locale: str, package: Package | None, labels: tuple[str, str, str]
) -> None:
    again, five, ten = labels
    same = {"type": 1, "components": [button(again, "1", "a")]}
    combo = {"type": 1, "components": [button(five, "5", "1e"), button(ten, "a", "2s")]}

    # Twice, as the second one is from memory.
    sent = [payload(gift(899_990), package, locale) for _ in range(2)]

    assert [rows(message) for message in sent] == [[same, combo], [same, combo]]


@pytest.mark.parametrize(
    ("locale", "title", "text", "footer"),
    [
        (
            "en-US",
            "🌹 \u2068Rose\u2069",
            f"Sent to <@{CREATOR}> for **🪙\xa010 coins**.\nIt counts toward the live event in <#{LIVE_CHANNEL}>.\n"
            "You have 🪙\xa0899,990 coins left.\n-# Again: × 1 ≈\xa0$0.14 · × 5 ≈\xa0$0.71 · × 10 ≈\xa0$1.41",
            "Receipt #1234",
        ),
        (
            "de",
            "🌹 \u2068Rose\u2069",
            f"Für **🪙\xa010 Coins** an <@{CREATOR}> gesendet.\nEs zählt für das Live-Event in <#{LIVE_CHANNEL}>.\n"
            "Du hast noch 🪙\xa0899.990 Coins.\n"
            "-# Noch einmal: × 1 ≈\xa00,14\xa0$ · × 5 ≈\xa00,71\xa0$ · × 10 ≈\xa01,41\xa0$",
            "Beleg #1234",
        ),
    ],
)
def test_a_receipt_says_what_was_sent_to_whom_and_what_is_left(locale: str, title: str, text: str, footer: str) -> None:
    (card,) = payload(gift(899_990), PACKAGE, locale)["components"]
    texts = [part["content"] for part in card["components"] if part["type"] == 10]

    assert texts == [f"## {title}\n{text}", f"-# {footer}"]


def test_each_receipt_offers_what_the_rest_of_the_coins_can_pay_for() -> None:
    receipts = [payload(gift(balance, 2), None, "en-US") for balance in (100, 50, 49, 20)]

    quantities = [
        [item["custom_id"].split(":")[4] for row in rows(receipt) for item in row["components"]] for receipt in receipts
    ]
    assert quantities == [["2", "5", "a"], ["2", "5"], ["2"], ["2"]]


def test_a_receipt_after_the_last_coin_leads_to_more() -> None:
    (row,) = rows(payload(gift(9), None, "en-US"))

    assert [item["custom_id"] for item in row["components"]] == ["shop"]
