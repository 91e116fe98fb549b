"""Receipts that members may not have seen, over a restart: what the composition root does with them, and when."""

import logging
from collections.abc import Callable

from bot.domain.errors import Refusal
from bot.domain.receipts import OutcomeUnknown
from bot.services import Services

log = logging.getLogger(__name__)


async def recover(services: Services, serves: Callable[[int], bool]) -> None:
    """Find out at the start which receipts were perhaps not shown. `serves` tells which guilds this process has."""
    try:
        count = await services.receipts.recover(serves)
        await services.product_purchases.load()
    except (Refusal, OutcomeUnknown) as error:
        log.warning("Receipts from before the last stop will be shown later: %r", error)
        return
    if count:
        log.info("%d receipts from before the last stop may not have been shown; they come with the next reply", count)


async def keep(services: Services) -> None:
    """Save what is known now, and hear what other processes have to tell. Raises like both."""
    await services.receipts.save()
    await services.notices.load()


async def save(services: Services) -> None:
    """Save what is known at the end, if that can be."""
    try:
        await services.receipts.save()
    except (Refusal, OutcomeUnknown) as error:
        log.warning("Could not save which receipts were shown; some may be shown twice: %r", error)
