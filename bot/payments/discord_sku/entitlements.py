"""Entitlements as sent by Discord, and what each type is worth."""

from collections.abc import Mapping
from typing import Final

from bot.domain.ids import id_in
from bot.domain.product_purchases import ProductPurchase, Worth

NAME: Final = "discord_sku"

TEST_MODE_PURCHASE: Final = 4

WORTH: Final[Mapping[int, Worth]] = {
    1: Worth.PAID,  # PURCHASE
    3: Worth.FREE,  # DEVELOPER_GIFT
    TEST_MODE_PURCHASE: Worth.TEST,
    5: Worth.FREE,  # FREE_PURCHASE
    6: Worth.GIFT,  # USER_GIFT
}
"""What an entitlement of each type is worth. Subscriptions, Nitro's extras and types that Discord adds are unclear."""


def worth_of(kind: int, *, is_test_mode: bool) -> Worth:
    """Return what an entitlement of type `kind` is worth. Those of Discord's test mode count if that is on."""
    if kind == TEST_MODE_PURCHASE and not is_test_mode:
        return Worth.NOTHING
    return WORTH.get(kind, Worth.UNCLEAR)


def purchase_in(entitlement: Mapping[str, object], *, is_test_mode: bool) -> ProductPurchase:
    """Return the purchase that Discord describes. Raise ValueError if it does not describe one."""
    kind = entitlement.get("type")
    if type(kind) is not int:
        raise ValueError(f"{kind!r} is not a type of entitlement")
    # Those of a guild name no user. Coins are sold as consumables, which always belong to a user.
    owner_id = entitlement.get("user_id")
    return ProductPurchase(
        provider=NAME,
        external_id=str(_id(entitlement.get("id"))),
        product=str(_id(entitlement.get("sku_id"))),
        member_id=_id(owner_id) if owner_id is not None else 0,
        worth=worth_of(kind, is_test_mode=is_test_mode) if owner_id is not None else Worth.NOTHING,
        is_revoked=entitlement.get("deleted") is True,
        is_used=entitlement.get("consumed") is True,
    )


def _id(value: object) -> int:
    number = id_in(value) if isinstance(value, str) else None
    if not number:
        raise ValueError(f"{value!r} is not an id")
    return number
