"""Offers of promo coins: staff make them, and members claim them once each."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace

from bot.domain.errors import InvalidAmount, NotFound
from bot.domain.grant_errors import GrantTooLarge
from bot.domain.grant_limits import GrantLimits
from bot.domain.ledger.claim import ClaimOffer
from bot.domain.money import amount
from bot.domain.offer_errors import CodeTaken, NeedsRole, OfferOver, UnknownCode
from bot.domain.offers import (
    ALPHABET,
    GUESSING_MS,
    MADE_LENGTH,
    MOST_DAYS,
    Offer,
    OfferKind,
    check_code,
    check_guess,
    key_of,
    made_code,
)
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import ActKind, StaffAct, Values
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.ledger.batch import dry_run
from bot.storage.stores import grant_limits, guilds, offers, staff_acts


class Offers:
    """The use-cases of offers."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def make_code(
        self,
        guild_id: int,
        offer_id: int,
        *,
        by: int,
        coins: int,
        code: str | None,
        uses: int | None,
        until_ms: int,
        account_days: int,
    ) -> Offer:
        """Make a code, one that nobody can guess if none was chosen. Raise InvalidText, InvalidAmount, GrantTooLarge,
        CodeTaken, or OfferOver for an end that has passed."""
        letters = [secrets.randbelow(len(ALPHABET)) for _ in range(MADE_LENGTH)]
        shown_code = made_code(letters) if code is None else check_code(code)
        if not 0 <= account_days <= MOST_DAYS:
            raise InvalidAmount(str(account_days), 0, MOST_DAYS)
        limit = None if uses is None else amount(uses)
        offer = Offer(
            guild_id, offer_id, OfferKind.CODE, shown_code, 0, amount(coins), limit, account_days, until_ms, 0
        )
        return await self._make(offer, by)

    async def make_button(
        self, guild_id: int, offer_id: int, *, by: int, coins: int, role_id: int, until_ms: int
    ) -> Offer:
        """Offer coins to everybody with a role, by a button. Raise InvalidAmount, GrantTooLarge or OfferOver."""
        return await self._make(
            Offer(guild_id, offer_id, OfferKind.BUTTON, "", role_id, amount(coins), None, 0, until_ms, 0), by
        )

    async def _make(self, offer: Offer, by: int) -> Offer:
        now_ms = self._clock()
        if offer.until_ms <= now_ms:
            raise OfferOver
        return await self._database.writer.perform(_make, offer, by, now_ms)

    async def standing(self, guild_id: int) -> list[tuple[Offer, int]]:
        """Return the offers that members can claim, each with how often it was claimed."""
        return await self._database.read(offers.standing, guild_id, self._clock())

    async def revoke(self, guild_id: int, offer_id: int, *, by: int) -> Offer:
        """End an offer permanently. Coins that were claimed stay. Raise NotFound."""
        return await self._database.writer.perform(_revoke, guild_id, offer_id, by, self._clock())

    async def redeem(self, guild_id: int, member_id: int, code: str) -> Receipt:
        """Claim the offer with a code, once. Raise UnknownCode, TooManyGuesses, and what claims raise."""
        offer = await self._database.writer.perform(_guess, guild_id, member_id, code, self._clock())
        if offer is None:
            raise UnknownCode
        return await self._claim(offer, member_id)

    async def claim(self, guild_id: int, offer_id: int, member_id: int, role_ids: Collection[int]) -> Receipt:
        """Claim an offer by its button, once. Raise NotFound, NeedsRole, and what claims raise."""
        offer = await self._database.read(offers.offer, guild_id, offer_id)
        if offer is None:
            raise NotFound("code")
        if offer.role_id and offer.role_id not in role_ids:
            raise NeedsRole(offer.role_id)
        return await self._claim(offer, member_id)

    async def _claim(self, offer: Offer, member_id: int) -> Receipt:
        command = ClaimOffer(offer.guild_id, "", offer.offer_id, member_id, offer.giver)
        holder = await self._database.read(holders.holder_id, offer.guild_id, member_id)
        if holder is None:
            # A refused member must leave nothing in the books.
            await self._database.read(dry_run, command, self._clock())
            holder = await self._database.writer.perform(holders.ensure, offer.guild_id, member_id)
        return await self._database.writer.submit(command._replace(key=key_of(offer.offer_id, holder)))


def _guess(c: Connection, guild_id: int, member_id: int, code: str, now_ms: int) -> Offer | None:
    """Return the offer with a code; None for a wrong one, which is counted. Raise TooManyGuesses.

    Guesses of a guild go one after another, so that nobody tries more of them at once, or in another process.
    """
    guilds.lock(c, guild_id)
    check_guess(offers.wrong_ms(c, guild_id, member_id), now_ms)
    offer = offers.with_code(c, guild_id, code)
    if offer is None:
        offers.note_wrong(c, guild_id, member_id, now_ms, forget_until_ms=now_ms - GUESSING_MS)
    return offer


def _make(c: Connection, offer: Offer, by: int, now_ms: int) -> Offer:
    guilds.lock(c, offer.guild_id)
    _check_limit(grant_limits.limits(c, offer.guild_id), offer.coins)
    offer = replace(offer, giver=holders.ensure(c, offer.guild_id, by))
    if not offers.add(c, offer):
        raise CodeTaken
    after = {"coins": offer.coins, "uses": offer.uses}
    staff_acts.add(c, offer.guild_id, _act(offer, by, now_ms, before={}, after=after))
    return offer


def _revoke(c: Connection, guild_id: int, offer_id: int, by: int, now_ms: int) -> Offer:
    offer = offers.offer(c, guild_id, offer_id)
    if offer is None or not offers.revoke(c, guild_id, offer_id):
        raise NotFound("code")
    staff_acts.add(c, guild_id, _act(offer, by, now_ms, before={"is_revoked": 0}, after={"is_revoked": 1}))
    return offer


def _act(offer: Offer, by: int, now_ms: int, *, before: Values, after: Values) -> StaffAct:
    subject = offer.code or str(offer.offer_id)
    return StaffAct(by, ActKind.OFFER, now_ms, subject, before=before, after=after)


def _check_limit(limits: GrantLimits, coins: int) -> None:
    if limits.per_grant is not None and coins > limits.per_grant:
        raise GrantTooLarge(limits.per_grant)
