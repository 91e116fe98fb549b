"""Notices as Ko-fi sends them, for tests."""

from typing import Any
from urllib.parse import urlencode

import orjson

TOKEN = "0f2d8a6e-5a0c-4c7b-9a58-1f0a2b3c4d5e"
EMAIL, NAME = "jo.example@example.com", "Jo Example"


def notice(**changes: Any) -> dict[str, Any]:
    """Return the fields of a donation that quotes a claim code."""
    fields: dict[str, Any] = {
        "verification_token": TOKEN,
        "message_id": "3a1fac0c-f960-4506-a60e-824979a74e74",
        "timestamp": "2026-11-21T13:04:30Z",
        "type": "Donation",
        "is_public": True,
        "from_name": NAME,
        "message": "Good luck with the server! RO-7K4F",
        "amount": "3.00",
        "url": "https://ko-fi.com/Home/CoffeeShop?txid=0a1fac0c-f960-4506-a60e-824979a74e74",
        "email": EMAIL,
        "currency": "USD",
        "is_subscription_payment": False,
        "is_first_subscription_payment": False,
        "kofi_transaction_id": "0a1fac0c-f960-4506-a60e-824979a74e74",
        "shop_items": None,
        "tier_name": None,
        "shipping": None,
    }
    return fields | changes


def encoded(fields: object) -> bytes:
    """Return the body of a notice."""
    return urlencode({"data": orjson.dumps(fields).decode()}).encode()
