"""One Stripe account with everything that belongs to it: the platform's own, or one that is connected to it."""

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from sandbox.discord.jsontypes import JSON
from sandbox.stripe.errors import missing_resource

Kind: TypeAlias = Literal[
    "checkout.session",
    "payment_intent",
    "charge",
    "refund",
    "dispute",
    "transfer",
    "balance_transaction",
    "event",
    "v2.core.event",
]
KINDS: Final[tuple[Kind, ...]] = (
    "checkout.session",
    "payment_intent",
    "charge",
    "refund",
    "dispute",
    "transfer",
    "balance_transaction",
    "event",
    "v2.core.event",
)
ID_PARAMETERS: Final[dict[Kind, str]] = {
    "checkout.session": "session",
    "payment_intent": "intent",
    "charge": "charge",
    "dispute": "dispute",
    "transfer": "transfer",
}
"""What an error calls the id of an object that does not exist; "id" for the rest."""

_LETTERS: Final = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return a fresh id such as `re_3` with `length` random letters and digits behind it."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def nulls(names: str) -> JSON:
    """Return an object whose fields, written with spaces between them, are all null."""
    return dict.fromkeys(names.split())


Announce: TypeAlias = Callable[["Account", str, JSON, JSON | None], None]
"""Told about each event: the account, the event's type, the object, and what it was before where that matters."""


@dataclass(eq=False)
class Account:
    """An account. `record` is Stripe's object of it; `now_s` is the clock, in seconds since the epoch.

    `drafts` are what a checkout session will hand to its payment; they are keyed by the session's id and not visible.
    """

    record: JSON
    is_platform: bool
    now_s: Callable[[], int]
    on_event: Announce
    tables: dict[Kind, dict[str, JSON]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    drafts: dict[str, JSON] = field(default_factory=dict[str, JSON])
    is_live: bool = False
    """Whether its objects say that real money is in them, as with a live key."""
    charge_details: JSON = field(default_factory=dict[str, JSON])
    """What its charges say besides, for tests of where it goes."""

    @property
    def id(self) -> str:
        """The account's id, `acct_…`."""
        return str(self.record["id"])

    def keep(self, thing: JSON) -> JSON:
        """Put a new object into its table and return it."""
        if "livemode" in thing:
            thing["livemode"] = self.is_live
        self.tables[thing["object"]][thing["id"]] = thing
        return thing

    def get(self, kind: Kind, object_id: str, param: str | None = None) -> JSON:
        """Return an object; raise StripeError if this account has none with this id.

        `param` is the parameter that the id came in. Without one it is part of the path.
        """
        thing = self.tables[kind].get(object_id)
        if thing is not None:
            return thing
        if param is not None:
            raise missing_resource(kind, object_id, param, status=400)
        raise missing_resource(kind, object_id, ID_PARAMETERS.get(kind, "id"))

    def all(self, kind: Kind) -> list[JSON]:
        """Return all objects of a kind, oldest first."""
        return list(self.tables[kind].values())

    def announce(self, event_type: str, thing: JSON, previous: JSON | None = None) -> None:
        """Record an event about an object and tell the shop. `previous` holds the old values of what has changed."""
        self.on_event(self, event_type, thing, previous)
