"""Where an object is at Stripe: external ids are `cs_…`, or `acct_…/cs_…` at the account of a guild."""

import re
from typing import NamedTuple, Self

from bot.payments.provider import UnknownPurchase

_ACCOUNT = re.compile(r"acct_[A-Za-z0-9]{1,40}")
_OBJECT = re.compile(r"[a-z]{2,6}_[A-Za-z0-9_]{1,140}")


class Place(NamedTuple):
    """An object, and the account that it is at: "" for the operator's own."""

    account: str
    object_id: str

    def __str__(self) -> str:
        return f"{self.account}/{self.object_id}" if self.account else self.object_id

    @classmethod
    def parse(cls, external_id: str) -> Self:
        """Return the place that an external id names; raise UnknownPurchase."""
        account, _, object_id = external_id.rpartition("/")
        if (account and not is_account(account)) or not is_object(object_id):
            raise UnknownPurchase("not an id of Stripe's")
        return cls(account, object_id)

    @property
    def kind(self) -> str:
        """The prefix that says what the object is, such as `cs` for a checkout session."""
        return self.object_id.partition("_")[0]


def is_account(text: str) -> bool:
    """Whether `text` has the form of an account's id."""
    return _ACCOUNT.fullmatch(text) is not None


def is_object(text: str) -> bool:
    """Whether `text` has the form of an object's id."""
    return _OBJECT.fullmatch(text) is not None
