"""What an application sells on Discord, and who bought it."""

from dataclasses import dataclass
from enum import IntEnum

from sandbox.discord.ids import iso_or_none
from sandbox.discord.jsontypes import JSON

CONSUMABLE = 3


class EntitlementType(IntEnum):
    """How an entitlement was come by. Discord adds to these without notice."""

    PURCHASE = 1
    PREMIUM_SUBSCRIPTION = 2
    DEVELOPER_GIFT = 3
    TEST_MODE_PURCHASE = 4
    FREE_PURCHASE = 5
    USER_GIFT = 6
    PREMIUM_PURCHASE = 7
    APPLICATION_SUBSCRIPTION = 8


@dataclass(slots=True, eq=False)
class Sku:
    """An item for sale. Type 3 is consumable, 2 durable, 5 a subscription."""

    id: int
    application_id: int
    name: str
    type: int = CONSUMABLE
    price_minor: int = 0
    currency: str = "usd"

    def to_json(self) -> JSON:
        return {
            "id": str(self.id),
            "type": self.type,
            "application_id": str(self.application_id),
            "name": self.name,
            "slug": self.name.lower().replace(" ", "-"),
            "flags": 1 << 2,
            "dependent_sku_id": None,
            "manifest_labels": None,
            "access_type": 1,
            "features": [],
            "release_date": None,
            "premium": False,
            "show_age_gate": False,
            "price": {"amount": self.price_minor, "currency": self.currency},
        }


@dataclass(slots=True, eq=False)
class Entitlement:
    """A purchase. It is `deleted` once it has been refunded or revoked."""

    id: int
    sku_id: int
    application_id: int
    user_id: int
    guild_id: int | None = None
    type: int = EntitlementType.PURCHASE
    consumed: bool = False
    deleted: bool = False
    starts_at: float | None = None
    ends_at: float | None = None

    def to_json(self) -> JSON:
        result: JSON = {
            "id": str(self.id),
            "sku_id": str(self.sku_id),
            "application_id": str(self.application_id),
            "user_id": str(self.user_id),
            "type": int(self.type),
            "deleted": self.deleted,
            "consumed": self.consumed,
            "starts_at": iso_or_none(self.starts_at),
            "ends_at": iso_or_none(self.ends_at),
            "gifter_user_id": None,
            "parent_id": None,
        }
        if self.guild_id is not None:
            result["guild_id"] = str(self.guild_id)
        return result
