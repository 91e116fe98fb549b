"""Webhook signatures in the style of Stripe: an HMAC-SHA256 over the time of sending and the raw body."""

import hashlib
import hmac
import re

from bot.domain.errors import ForgedWebhook

TOLERANCE_S = 300
"""How many seconds a signature's time may lie in the past or the future."""

_STAMP = re.compile(r"0|[1-9][0-9]{0,11}", re.ASCII)


def sign(secret: str, body: bytes, at_s: int) -> str:
    """Return the value of the signature header for `body` sent at `at_s`, in seconds since the epoch."""
    return f"t={at_s},v1={_digest(secret, body, at_s)}"


def verify(secret: str, header: str, body: bytes, now_s: int) -> None:
    """Raise ForgedWebhook unless `header` signs `body` with `secret` within TOLERANCE_S of `now_s`."""
    if not secret:
        raise ForgedWebhook("no secret is configured")
    fields = [part.partition("=") for part in header.split(",")]
    stamp = next((value for name, _, value in fields if name == "t"), "")
    if not _STAMP.fullmatch(stamp) or not all(equals for _, equals, _ in fields):
        raise ForgedWebhook("the signature has no time, or parts without a value")
    if abs(now_s - int(stamp)) > TOLERANCE_S:
        raise ForgedWebhook("the signature is too old or too new")
    # aiohttp decodes bytes that are not UTF-8 to lone surrogates, which do not encode.
    signatures = [value.encode(errors="replace") for name, _, value in fields if name == "v1"]
    digest = _digest(secret, body, int(stamp)).encode()
    # While a secret is being replaced, the sender signs with the old one and the new one.
    if not any(hmac.compare_digest(digest, signature) for signature in signatures):
        raise ForgedWebhook("the signature does not match")


def _digest(secret: str, body: bytes, at_s: int) -> str:
    return hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256).hexdigest()
