"""The store of transfers: what guilds pay by them, where creators receive them, and every attempt."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.domain.payouts import Payout
from bot.domain.transfers import REVERSED, Transfer, TransferState, TransferTerms
from bot.storage.sql.payout_tables import payees, payout_transfers, payouts, transfer_terms
from bot.storage.sql.rows import columns_of, upsert, values_of

_SELECT = select(*columns_of(payout_transfers, Transfer))


def terms(c: Connection, guild_id: int) -> TransferTerms | None:
    """Return what a guild pays by transfer, None if it does not."""
    query = select(transfer_terms.c.currency, transfer_terms.c.minor_per_thousand)
    row = c.execute(query.where(transfer_terms.c.guild_id == guild_id)).one_or_none()
    return None if row is None else TransferTerms(*row)


def save_terms(c: Connection, guild_id: int, terms: TransferTerms | None) -> None:
    """Save what a guild pays by transfer. The guild must be locked."""
    if terms is None:
        c.execute(delete(transfer_terms).where(transfer_terms.c.guild_id == guild_id))
    else:
        upsert(c, transfer_terms, {"guild_id": guild_id, **terms._asdict()})


def account(c: Connection, guild_id: int, holder: int) -> str:
    """Return the account on which a creator receives transfers, "" for none."""
    query = select(payees.c.account).where(payees.c.guild_id == guild_id, payees.c.holder == holder)
    return c.execute(query).scalar_one_or_none() or ""


def save_account(c: Connection, guild_id: int, holder: int, account: str) -> None:
    """Save the account on which a creator receives transfers."""
    upsert(c, payees, {"guild_id": guild_id, "holder": holder, "account": account})


def last_attempt(c: Connection, guild_id: int, payout_id: int) -> Transfer | None:
    """Return the newest attempt to pay a payout, None for none."""
    same = payout_transfers.c.guild_id == guild_id, payout_transfers.c.payout_id == payout_id
    row = c.execute(_SELECT.where(*same).order_by(payout_transfers.c.attempt.desc()).limit(1)).one_or_none()
    return None if row is None else _transfer(row)


def start(c: Connection, payout: Payout, attempt: Transfer) -> None:
    """Write an attempt down, so that nothing else happens to its payout. The guild must be locked."""
    c.execute(insert(payout_transfers).values(_values(attempt)))
    _mark(c, payout, attempt.attempt)


def finish(c: Connection, attempt: Transfer, now_ms: int, *, external_id: str = "", why: str = "") -> None:
    """Note that the money of an attempt was sent, or that it was refused for a reason, and nothing was sent."""
    state = TransferState.REFUSED if why else TransferState.SENT
    ended = replace(attempt, state=state, external_id=external_id, why=why, ended_ms=now_ms)
    t = payout_transfers.c
    same = t.guild_id == attempt.guild_id, t.payout_id == attempt.payout_id, t.attempt == attempt.attempt
    c.execute(update(payout_transfers).where(*same).values(_values(ended)))


def note_reversed(c: Connection, attempt: Transfer) -> None:
    """Note that the money of an attempt went back after it was recorded."""
    t = payout_transfers.c
    same = t.guild_id == attempt.guild_id, t.payout_id == attempt.payout_id, t.attempt == attempt.attempt
    c.execute(update(payout_transfers).where(*same).values(why=REVERSED))


def release(c: Connection, payout: Payout) -> None:
    """Let other things happen to a payout again. The guild must be locked."""
    _mark(c, payout, None)


def _mark(c: Connection, payout: Payout, attempt: int | None) -> None:
    same = payouts.c.guild_id == payout.guild_id, payouts.c.payout_id == payout.payout_id
    c.execute(update(payouts).where(*same).values(sending=attempt))


def _values(attempt: Transfer) -> dict[str, Any]:
    return values_of(attempt) | {"state": attempt.state.value}


def _transfer(row: Row[*tuple[Any, ...]]) -> Transfer:
    attempt = Transfer(*row)
    return replace(attempt, state=TransferState(attempt.state))
