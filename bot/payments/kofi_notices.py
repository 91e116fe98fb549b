"""Reading Ko-fi's notices: a form with one field `data`, which holds JSON with the guild's token in clear.

Nothing else proves that a notice is from Ko-fi, so anybody who knows the token can write notices. Only ids, type,
amount, currency and claim code of a notice are used. Name, e-mail and message go no further.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, cast
from urllib.parse import parse_qs

import orjson

from bot.domain.claim_codes import codes_in
from bot.domain.currencies import check_currency, minor_digits
from bot.domain.errors import ForgedWebhook, InvalidCurrency
from bot.domain.guild_providers import hash_secret
from bot.domain.ids import is_key
from bot.domain.noted_payments import PaidNotice
from bot.domain.packages import MAX_PRICE_MINOR

KINDS: Final = ("Donation", "Subscription", "Commission", "Shop Order")
LONGEST_TOKEN: Final = 100
LONGEST_MESSAGE: Final = 4_000
"""Characters of a message in which a claim code is looked for. Ko-fi allows 500."""
LONGEST_ID: Final = 64

_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")


def read_notice(body: bytes) -> PaidNotice:
    """Return what a notice says. Raise ForgedWebhook if it has no token or no id, or is not a notice at all.

    Whether the token is a guild's is for the caller to find out.
    """
    fields = _fields(body)
    token, message_id = fields.get("verification_token"), fields.get("message_id")
    if not isinstance(token, str) or not 0 < len(token.strip()) <= LONGEST_TOKEN:
        raise ForgedWebhook("it has no token")
    if not isinstance(message_id, str) or len(message_id) > LONGEST_ID or not is_key(message_id):
        raise ForgedWebhook("it has no id")
    kind = fields.get("type")
    message = fields.get("message")
    amount_minor, currency = _amount(fields)
    return PaidNotice(
        token_hash=hash_secret("kofi", token),
        message_id=message_id,
        kind=kind if kind in KINDS else "",
        amount_minor=amount_minor,
        currency=currency,
        codes=codes_in(message[:LONGEST_MESSAGE]) if isinstance(message, str) else (),
        product=next(_products(fields), ""),
    )


def _fields(body: bytes) -> dict[str, Any]:
    try:
        form = parse_qs(body.decode("utf-8"), strict_parsing=True, max_num_fields=10)
        (data,) = form["data"]
        fields = orjson.loads(data)
    except (ValueError, KeyError):
        raise ForgedWebhook("the body is not a notice") from None
    if not isinstance(fields, dict):
        raise ForgedWebhook("the body is not a notice")
    return cast("dict[str, Any]", fields)


def _amount(fields: dict[str, Any]) -> tuple[int, str]:
    """Return amount and currency, or 0 and "" if they cannot be read exactly: then people have to look."""
    amount, code = fields.get("amount"), fields.get("currency")
    if not isinstance(amount, str) or not isinstance(code, str) or not _AMOUNT.fullmatch(amount):
        return 0, ""
    try:
        currency = check_currency(code)
    except InvalidCurrency:
        return 0, ""
    minor = Decimal(amount).scaleb(minor_digits(currency))
    if minor != minor.to_integral_value() or not 1 <= minor <= MAX_PRICE_MINOR:
        return 0, ""
    return int(minor), currency


def _products(fields: dict[str, Any]) -> Iterator[str]:
    items = fields.get("shop_items")
    for item in cast("list[Any]", items) if isinstance(items, list) else ():
        code = cast("dict[str, Any]", item).get("direct_link_code") if isinstance(item, dict) else None
        if isinstance(code, str) and len(code) <= LONGEST_ID and is_key(code):
            yield code
