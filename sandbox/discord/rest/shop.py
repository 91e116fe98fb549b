"""SKUs and entitlements."""

from sandbox.discord.errors import ApiError
from sandbox.discord.model import Entitlement
from sandbox.discord.model.commerce import CONSUMABLE, EntitlementType
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router, snowflake
from sandbox.discord.state.shop import AlreadyOwnedError, PageOrder


def add_routes(router: Router) -> None:
    router.add("GET", "/applications/{application_id}/skus", _skus)
    router.add("GET", "/applications/{application_id}/entitlements", _list)
    router.add("POST", "/applications/{application_id}/entitlements", _create_test)
    router.add("GET", "/applications/{application_id}/entitlements/{entitlement_id}", _get)
    router.add("DELETE", "/applications/{application_id}/entitlements/{entitlement_id}", _delete_test)
    router.add("POST", "/applications/{application_id}/entitlements/{entitlement_id}/consume", _consume)


def own_application(call: Call) -> None:
    """Check that a path is about the bot's own application; raises 20012."""
    if call.ids["application_id"] != call.world.application.id:
        raise ApiError(20012)


def _skus(call: Call) -> Answer:
    own_application(call)
    return Answer([sku.to_json() for sku in call.world.skus.values()])


def _list(call: Call) -> Answer:
    own_application(call)
    limit = call.number("limit", 100, 1, 100)
    entitlements = [entitlement for entitlement in call.world.entitlements.values() if _matches(call, entitlement)]
    order = call.world.page_order
    newest_first = order is PageOrder.NEWEST_FIRST or (order is PageOrder.NEAREST and "after" not in call.query)
    entitlements.sort(key=lambda entitlement: entitlement.id, reverse=newest_first)
    return Answer([entitlement.to_json() for entitlement in entitlements[:limit]])


def _matches(call: Call, entitlement: Entitlement) -> bool:
    query = call.query
    skus = query.get("sku_ids")
    return (
        ("user_id" not in query or entitlement.user_id == call.number("user_id"))
        and ("guild_id" not in query or entitlement.guild_id == call.number("guild_id"))
        and (not skus or str(entitlement.sku_id) in skus.split(","))
        and ("before" not in query or entitlement.id < call.number("before"))
        and ("after" not in query or entitlement.id > call.number("after"))
        and not (
            call.flag("exclude_ended") and entitlement.ends_at is not None and entitlement.ends_at < call.world.now()
        )
        and not (entitlement.deleted and query.get("exclude_deleted", "true").lower() in ("1", "true"))
    )


def _entitlement(call: Call) -> Entitlement:
    own_application(call)
    entitlement = call.world.entitlements.get(call.ids["entitlement_id"])
    if entitlement is None:
        raise ApiError(10029)
    return entitlement


def _get(call: Call) -> Answer:
    return Answer(_entitlement(call).to_json())


def _create_test(call: Call) -> Answer:
    own_application(call)
    sku = call.world.skus.get(snowflake(call.form.get("sku_id"), "sku_id"))
    owner = call.world.users.get(snowflake(call.form.get("owner_id"), "owner_id"))
    if sku is None or owner is None:
        raise ApiError(10013)
    try:
        entitlement = call.world.buy(owner, sku, kind=EntitlementType.TEST_MODE_PURCHASE)
    except AlreadyOwnedError as error:
        raise ApiError(50035) from error
    return Answer(entitlement.to_json())


def _delete_test(call: Call) -> Answer:
    call.world.refund(_entitlement(call))
    return NO_CONTENT


def _consume(call: Call) -> Answer:
    entitlement = _entitlement(call)
    if call.world.skus[entitlement.sku_id].type != CONSUMABLE or entitlement.deleted:
        raise ApiError(10029)
    if entitlement.consumed:
        raise ApiError(40074)
    call.world.consume(entitlement)
    return NO_CONTENT
