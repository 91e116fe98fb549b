"""Transfers to creators at Stripe: from the account that sells, to an Express account of each creator."""

import contextlib
import re
from collections.abc import Generator

import stripe

from bot.domain.transfers import SentTransfer, Transfer
from bot.payments.provider import UnknownPurchase
from bot.payments.stripe import selling
from bot.payments.stripe.api import PAGE, StripeApi
from bot.payments.stripe.errors import errors_of
from bot.payments.transfers import TransferRefused

_CODE = re.compile(r"[a-z_]{1,60}")


class StripePayer:
    """Sends transfers for the guilds `guild_ids`, whose money is on the operator's own account."""

    def __init__(self, api: StripeApi, guild_ids: frozenset[int]) -> None:
        self._api = api
        self._guild_ids = guild_ids

    def pays(self, guild_id: int) -> bool:
        """Whether the guild's money is on the operator's account."""
        return guild_id in self._guild_ids

    async def onboard(self, guild_id: int, holder: int, account: str) -> tuple[str, str]:
        """Return a creator's account, a new one if `account` is "", and the page where they set it up."""
        if not account:
            account = await self._new_account(guild_id, holder)
        return account, await self._api.account_link(account, selling.page_of(guild_id))

    async def is_ready(self, account: str) -> bool:
        """Whether Stripe lets an account receive transfers."""
        try:
            with errors_of("reading a payee"):
                payee = await self._api.v1.accounts.retrieve_async(account)
                return payee.capabilities is not None and payee.capabilities.transfers == "active"
        except UnknownPurchase:
            return False

    async def listed(self, group: str) -> list[SentTransfer]:
        """Return what was sent for a payout."""
        with errors_of("listing transfers"):
            page = await self._api.v1.transfers.list_async({"transfer_group": group, "limit": PAGE})
            return [_sent(transfer) async for transfer in page.auto_paging_iter()]

    async def send(self, attempt: Transfer) -> str:
        """Send the money of an attempt, once for its key."""
        with errors_of("sending a transfer"), _certain_refusals():
            transfer = await self._api.v1.transfers.create_async(
                {
                    "amount": attempt.amount_minor,
                    "currency": attempt.currency.lower(),
                    "destination": attempt.account,
                    "transfer_group": attempt.group,
                    "metadata": {"rosette_attempt": str(attempt.attempt)},
                },
                {"idempotency_key": attempt.key},
            )
            return transfer.id

    async def _new_account(self, guild_id: int, holder: int) -> str:
        with errors_of("creating a payee"):
            account = await self._api.v1.accounts.create_async(
                {
                    "controller": {
                        "fees": {"payer": "application"},
                        "losses": {"payments": "application"},
                        "stripe_dashboard": {"type": "express"},
                    },
                    # Stripe lets few platforms ask for transfers alone.
                    "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
                    "metadata": {"rosette_guild": str(guild_id), "rosette_creator": str(holder)},
                },
                {"idempotency_key": f"payee:{guild_id}:{holder}"},
            )
            return account.id


@contextlib.contextmanager
def _certain_refusals() -> Generator[None]:
    """Turn refusals that certainly sent nothing into TransferRefused.

    Everything else may have been sent: no answer, an error inside Stripe, or another request with the same key that is
    under way.
    """
    try:
        yield
    except (stripe.InvalidRequestError, stripe.PermissionError, stripe.CardError) as error:
        if error.http_status in {400, 402, 403, 404}:
            code = str(getattr(error.error, "code", None) or "")
            raise TransferRefused(code if _CODE.fullmatch(code) else "refused") from None
        raise


def _sent(transfer: stripe.Transfer) -> SentTransfer:
    metadata = transfer.metadata
    # It is not a dict, and has no method `get`.
    attempt = metadata["rosette_attempt"] if "rosette_attempt" in metadata else ""  # noqa: SIM401
    account = transfer.destination
    return SentTransfer(
        transfer.id,
        transfer.amount,
        transfer.currency.upper(),
        account.id if isinstance(account, stripe.Account) else account or "",
        int(attempt) if attempt.isdecimal() else 0,
        transfer.reversed,
    )
