"""Checkout sessions and their transitions, kept in memory and optionally in a file."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import orjson

Status = Literal["open", "pending", "paid", "failed", "expired", "refunded"]
Action = Literal[
    "pay", "pay-half", "pay-other", "decline", "cancel", "retry", "refund", "refund-half", "dispute", "win", "lose"
]
DisputeStatus = Literal["open", "won", "lost"]

TRANSITIONS: Final[dict[tuple[Status, Action], Status]] = {
    ("open", "pay"): "paid",
    ("open", "pay-half"): "paid",
    ("open", "pay-other"): "paid",
    ("open", "decline"): "failed",
    ("open", "cancel"): "expired",
    ("pending", "pay"): "paid",
    ("pending", "decline"): "failed",
    ("failed", "retry"): "open",
    ("expired", "retry"): "open",
    ("paid", "refund"): "refunded",
    ("paid", "refund-half"): "paid",
    ("paid", "dispute"): "paid",
    ("refunded", "dispute"): "refunded",
    ("paid", "win"): "paid",
    ("refunded", "win"): "refunded",
    ("paid", "lose"): "paid",
    ("refunded", "lose"): "refunded",
}
"""The status that follows from each action. Buyers act, except that shops refund, banks decide disputes, and `pay-half`
and `pay-other` are deliberate faults."""

_DECISIONS: Final[dict[Action, DisputeStatus]] = {"win": "won", "lose": "lost"}


class KeyReused(Exception):  # noqa: N818 - it names what came in
    """An idempotency key was used again with a different body."""


class NotPossible(Exception):  # noqa: N818 - a refusal, not a fault
    """The session's status does not allow this action."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


EVIDENCE_MS: Final = 7 * 24 * 3600 * 1000
"""How long a shop has to answer a dispute."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a shop asks a buyer to pay. `amount_minor` is in the currency's minor units."""

    order_id: str
    amount_minor: int
    currency: str
    description: str
    live: bool = False


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute about `amount_minor` of a payment. The shop has that money back only if it wins.

    `due_ms` is when its evidence is due, None in old ones.
    """

    id: str
    status: DisputeStatus
    amount_minor: int
    due_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One checkout. Times are milliseconds since the epoch."""

    id: str
    purchase: Purchase
    created_ms: int
    status: Status = "open"
    paid_ms: int | None = None
    paid_minor: int | None = None
    paid_currency: str = ""
    refunded_minor: int = 0
    disputes: tuple[Dispute, ...] = ()
    refund_keys: tuple[str, ...] = ()

    @property
    def is_disputed(self) -> bool:
        """Whether a dispute is waiting for its decision."""
        return any(dispute.status == "open" for dispute in self.disputes)

    @property
    def paid(self) -> tuple[int, str]:
        """Minor units and currency that were paid or, before the payment, that are due."""
        return self.paid_minor or self.purchase.amount_minor, self.paid_currency or self.purchase.currency

    def to_json(self, url: str) -> dict[str, object]:
        """Return the session as the provider's API shows it; `url` is the address of the payment page."""
        fields: dict[str, object] = {
            "id": self.id,
            "url": url,
            "status": self.status,
            "created_ms": self.created_ms,
            "refunded_minor": self.refunded_minor,
            "disputes": [asdict(dispute) for dispute in self.disputes],
            **asdict(self.purchase),
        }
        if self.paid_ms is not None:
            fields |= {"paid_ms": self.paid_ms, "paid_minor": self.paid[0], "paid_currency": self.paid[1]}
        return fields


class Sessions:
    """All sessions. `now_ms` is the clock. With a `path` they survive the process."""

    def __init__(self, now_ms: Callable[[], int], path: Path | None = None) -> None:
        self._now_ms = now_ms
        self._path = path
        self._sessions: dict[str, Session] = {}
        self._by_key: dict[str, str] = {}
        self._changes: list[tuple[int, str]] = []
        if path is not None and path.exists():
            self._load(path)

    def create(self, key: str, purchase: Purchase) -> tuple[Session, bool]:
        """Return the session for an idempotency key and whether it is new; raise KeyReused."""
        session_id = self._by_key.get(key)
        if session_id is not None:
            session = self._sessions[session_id]
            if session.purchase != purchase:
                raise KeyReused
            return session, False
        session = Session(f"cs_{secrets.token_hex(12)}", purchase, self._now_ms())
        self._by_key[key] = session.id
        self._keep(session)
        return session, True

    def get(self, session_id: str) -> Session | None:
        """Return a session, or None if there is no such id."""
        return self._sessions.get(session_id)

    def act(self, session_id: str, action: Action) -> Session:
        """Carry out an action and return the updated session; raise KeyError or NotPossible."""
        session = self._sessions[session_id]
        status = TRANSITIONS.get((session.status, action))
        is_out_of_turn = session.is_disputed if action == "dispute" else not session.is_disputed
        if status is None or (action in {"dispute", *_DECISIONS} and is_out_of_turn):
            raise NotPossible(session.status)
        if action in {"refund", "refund-half"}:
            return self.refund(session_id, session.paid[0] if action == "refund" else max(session.paid[0] // 2, 1))
        paid_ms = self._now_ms() if action.startswith("pay") else session.paid_ms
        session = replace(session, status=status, paid_ms=paid_ms)
        if action == "pay-half":
            session = replace(session, paid_minor=max(session.purchase.amount_minor // 2, 1))
        elif action == "pay-other":
            session = replace(session, paid_currency="EUR" if session.purchase.currency != "EUR" else "USD")
        elif action == "dispute":
            amount_minor = session.paid[0] - session.refunded_minor
            due_ms = self._now_ms() + EVIDENCE_MS
            dispute = Dispute(f"dp_{secrets.token_hex(12)}", "open", amount_minor, due_ms)
            session = replace(session, disputes=(*session.disputes, dispute))
        elif action in _DECISIONS:
            *earlier, dispute = session.disputes
            session = replace(session, disputes=(*earlier, replace(dispute, status=_DECISIONS[action])))
        self._keep(session)
        return session

    def refund(self, session_id: str, amount_minor: int, key: str = "") -> Session:
        """Send money back, at most what is left, and once per key. Raise KeyError or NotPossible."""
        session = self._sessions[session_id]
        if key and key in session.refund_keys:
            return session
        if session.status != "paid":
            raise NotPossible(session.status)
        refunded_minor = min(session.refunded_minor + amount_minor, session.paid[0])
        session = replace(
            session,
            status="refunded" if refunded_minor == session.paid[0] else "paid",
            refunded_minor=refunded_minor,
            refund_keys=(*session.refund_keys, *([key] if key else [])),
        )
        self._keep(session)
        return session

    def changed(self, since_ms: int, after: str, limit: int) -> tuple[list[Session], bool]:
        """Return the page of sessions that changed from `since_ms` on and come after the id `after`.

        The second value says whether there are more. Sessions are ordered by their first change since then, so paging
        never skips one that changes in the meantime.
        """
        changed_ids = dict.fromkeys(session_id for at, session_id in self._changes if at >= since_ms)
        following = iter(changed_ids)
        if after in changed_ids:
            next(session_id for session_id in following if session_id == after)
        page = list(islice(following, limit + 1))
        return [self._sessions[session_id] for session_id in page[:limit]], len(page) > limit

    def _keep(self, session: Session) -> None:
        self._sessions[session.id] = session
        self._changes.append((self._now_ms(), session.id))
        if self._path is not None:
            state = {"sessions": self._sessions, "keys": self._by_key, "changes": self._changes}
            self._path.write_bytes(orjson.dumps(state))

    def _load(self, path: Path) -> None:
        state = orjson.loads(path.read_bytes())
        for session_id, fields in state["sessions"].items():
            purchase = Purchase(**fields.pop("purchase"))
            disputes = tuple(Dispute(**dispute) for dispute in fields.pop("disputes", ()))
            keys = tuple(fields.pop("refund_keys", ()))
            session = Session(purchase=purchase, **fields, disputes=disputes, refund_keys=keys)
            self._sessions[session_id] = session
        self._by_key = state["keys"]
        self._changes = [(at, session_id) for at, session_id in state["changes"]]
