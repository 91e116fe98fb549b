"""What makes a setting acceptable. Each check returns the value, or raises ValueError with the rest of a sentence."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from bot.payments.stripe.wording import LONGEST_LINE, LONGEST_STATEMENT, NO_SALE, SERVER, SHORTEST_NAME

SHORTEST_SECRET: Final = 12
"""Characters. A shorter webhook secret can be guessed in an evening, and anybody who guesses it can mint coins."""

SHORTEST_SIGNING_KEY: Final = 32
"""Characters: 128 bits in hexadecimal digits."""

SHORTEST_STRIPE_SECRET: Final = 16
"""Characters after the prefix of a secret from Stripe, whose own have 24 or more."""

COINS: Final = "{coins}"
"""Stands for the number of coins in the text of a checkout."""

LONGEST_PAGE: Final = 512
"""Characters of an address that a button opens. Source: Discord's documentation of components."""

_ENCRYPTED: Final = frozenset({"https", "wss"})
_STRIPE_KEY = re.compile(rf"(?:sk|rk)_(?:test|live)_\w{{{SHORTEST_STRIPE_SECRET},}}", re.ASCII)
_STRIPE_WEBHOOK_SECRET = re.compile(rf"whsec_[\w+/=]{{{SHORTEST_STRIPE_SECRET},}}", re.ASCII)
_STATEMENT = re.compile(rf"[ -~]{{5,{LONGEST_STATEMENT}}}")


def address(value: str, schemes: set[str]) -> str:
    """Check that `value` is an address of one of `schemes`."""
    if urlsplit(value).scheme not in schemes or not urlsplit(value).hostname:
        starts = " or ".join(f"{name}://" for name in sorted(schemes))
        raise ValueError(f"is not an address: it must start with {starts}")
    return port_of(value)


def page(value: str) -> str:
    """Check that `value` is the address of a page that a button can open, or empty."""
    return address(page_length(value), {"https"}) if value else value


def page_length(value: str) -> str:
    """Check that a button can open an address of this length."""
    if len(value) > LONGEST_PAGE:
        raise ValueError(f"is too long: a button of Discord opens addresses of up to {LONGEST_PAGE} characters")
    return value


def optional_page(value: str) -> str:
    """Check that `value` is an address that secrets may be sent to, or empty."""
    return confidential(address(value, {"http", "https"})) if value else value


def public(value: str) -> str:
    """Check that `value` is where others reach this bot, or empty. Without TLS, only those of the same network do."""
    if not value:
        return value
    parts = urlsplit(address(value, {"http", "https"}))
    if parts.query or parts.fragment:
        raise ValueError("must be the address without a query or fragment, like https://gifts.example.org")
    if parts.scheme == "http" and not _is_near(parts.hostname or ""):
        raise ValueError("is not encrypted: use https://, or an address of your own network")
    return page_length(value.rstrip("/"))


def port_of(value: str) -> str:
    """Check the port of an address."""
    try:
        _ = urlsplit(value).port
    except ValueError:
        raise ValueError("has an impossible port: ports go from 1 to 65535") from None
    return value


def confidential(value: str) -> str:
    """Check that an address is encrypted or on this machine, so that nobody can listen."""
    parts = urlsplit(value)
    if parts.scheme not in _ENCRYPTED and not _is_loopback(parts.hostname or ""):
        raise ValueError(
            "is not encrypted, and secrets are sent there: use https:// or wss://, or an address on this machine"
        )
    return value


def secret(value: str) -> str:
    """Check that a secret is hard to guess, if there is one."""
    if 0 < len(value) < SHORTEST_SECRET:
        raise ValueError(f"is too short: use at least {SHORTEST_SECRET} characters")
    return value


def signing_key(value: str) -> str:
    """Check that a key, if there is one, cannot be guessed by brute force: an attacker who has what it signed may try
    for years."""
    if 0 < len(value) < SHORTEST_SIGNING_KEY:
        raise ValueError(f"is too short: use at least {SHORTEST_SIGNING_KEY} characters, as from: openssl rand -hex 32")
    return value


def stripe_key(value: str) -> str:
    """Check the form of a secret key of Stripe."""
    if value.startswith("pk_"):
        raise ValueError("is the publishable key: copy the secret key, which starts with sk_ or rk_")
    if value and not _STRIPE_KEY.fullmatch(value):
        raise ValueError("is not a secret key of Stripe, which starts with sk_test_, sk_live_, rk_test_ or rk_live_")
    return value


def stripe_webhook_secret(value: str) -> str:
    """Check the form of a webhook's signing secret at Stripe."""
    if value and not _STRIPE_WEBHOOK_SECRET.fullmatch(value):
        raise ValueError("is not a signing secret of Stripe, which starts with whsec_")
    return value


def sold_as(value: str) -> str:
    """Check what the buyer reads at the checkout."""
    if COINS not in value or not value.isprintable() or len(value) > LONGEST_LINE:
        raise ValueError(f"must be one line of at most {LONGEST_LINE} characters that says {COINS}")
    return _as_a_sale(value)


def statement(value: str) -> str:
    """Check what the buyer reads on a bank statement. The name of a server takes what room is left."""
    text = value.replace(SERVER, SHORTEST_NAME)
    if not _STATEMENT.fullmatch(text) or set("<>\\'\"*{}") & set(text) or not re.search("[A-Za-z]", text):
        raise ValueError(f"must be 5 to {LONGEST_STATEMENT} letters, digits and spaces, with a letter among them")
    return _as_a_sale(value)


def tax_code(value: str) -> str:
    """Check the form of a tax code of Stripe, if there is one."""
    if value and not re.fullmatch(r"txcd_[0-9]{8}", value):
        raise ValueError("is not a tax code of Stripe, which is txcd_ and eight digits")
    return value


def _as_a_sale(value: str) -> str:
    if NO_SALE.search(value):
        raise ValueError("must name what is sold, and not speak of donations or tips, which Stripe does not allow here")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def stripe_transfers(mode: str, *, is_test: bool) -> None:
    """Raise ValueError if payouts cannot be paid by transfer in a mode of selling; "" if they are not to be."""
    if mode not in {"", "plain"}:
        raise ValueError("STRIPE_TRANSFERS is for STRIPE_MODE plain: the operator's account sends the money")
    # Payouts are of real earnings, and no test may count as having paid them.
    if mode and is_test:
        raise ValueError("STRIPE_TRANSFERS needs a live key in STRIPE_SECRET_KEY: with a test key no money moves")
