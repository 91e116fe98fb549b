"""A guild that takes money by hand and through Ko-fi, and what its buyers and staff do."""

from typing import Any

from bot.domain.orders import Contact, Order
from bot.domain.packages import Terms
from bot.domain.prompts import Quote
from bot.services import Services
from tests.payments.kofi_bodies import TOKEN, encoded, notice
from tests.rig import until
from tests.services.paying import GUILD, MIA, ORDER

SAM, OLIVE = 21, 22
PAGE = "rosettegarden"


async def set_up(services: Services, *, confirmations: int | None = None) -> None:
    """Have staff set up both ways to pay."""
    await services.guild_providers.connect(GUILD, "manual", "IBAN DE00 1234", confirmations=confirmations)
    await services.guild_providers.connect(GUILD, "kofi", PAGE, secret=TOKEN)


async def order_at(services: Services, provider: str, order_id: int = ORDER, member_id: int = MIA) -> tuple[Order, str]:
    """Have a member order the smallest package; return the order and its claim code."""
    opening = await services.orders.open(
        GUILD,
        order_id=order_id,
        member_id=member_id,
        package_id=1,
        accepted=Terms(70, 99, "USD"),
        provider=provider,
        consent_version=1,
        contact=Contact("en-US", f"token {order_id}"),
    )
    assert isinstance(opening.prompt, Quote), opening
    return opening.order, opening.prompt.code


async def send(services: Services, **fields: Any) -> None:
    """Send a notice as Ko-fi does."""
    body = encoded(notice(**({"amount": "0.99"} | fields)))
    await services.payment_events.receive("kofi", {}, body)


async def settle(services: Services) -> None:
    """Let the queue of events run until it is empty."""

    async def is_empty() -> bool:
        return await services.payment_events.begin() is None

    await until(is_empty)
