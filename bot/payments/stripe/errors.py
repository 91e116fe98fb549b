"""Errors of Stripe and its client as ours."""

import contextlib
import re
from collections.abc import Generator

import aiohttp
import stripe

from bot.payments.provider import ProviderError, UnknownPurchase


class UnreadableAnswer(ProviderError):  # noqa: N818 - what came in
    """Stripe's answer is not of the documented form."""


_CODE = re.compile(r"[a-z_]{1,60}")


@contextlib.contextmanager
def errors_of(call: str) -> Generator[None]:
    """Turn any error during `call` into a ProviderError.

    It says what kind of error it was, but nothing that Stripe or its client wrote: their texts quote keys, parameters
    and answers. For the same reason it has no cause.
    """
    try:
        yield
    except stripe.StripeError as error:
        # Stripe's client copies the code only in some kinds of errors.
        code = str(getattr(error.error, "code", None) or "")
        # A guild can take its account back, and what was sold there cannot be read any more.
        is_unknown = error.http_status == 404 or code == "account_invalid"
        kind = UnknownPurchase if is_unknown else ProviderError
        name = code if _CODE.fullmatch(code) else ""
        raise kind(f"{call}: {type(error).__name__} {error.http_status or ''} {name}".rstrip()) from None
    except (aiohttp.ClientError, OSError) as error:
        raise ProviderError(f"{call}: {type(error).__name__}") from None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UnreadableAnswer(f"{call}: the answer cannot be read ({type(error).__name__})") from None
