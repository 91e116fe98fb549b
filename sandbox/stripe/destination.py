"""The shop's event destination, and what can go wrong on the way to it."""

import secrets
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import orjson

from sandbox.discord.jsontypes import JSON
from sandbox.signed_posts import SignedPosts
from sandbox.stripe.events import PURCHASES

HEADER = "Stripe-Signature"

Payload: TypeAlias = Literal["snapshot", "thin", "both"]


@dataclass(slots=True)
class WebhookFaults:
    """What happens to the next webhooks. The numbers count down, one for each event."""

    lose: int = 0
    """How many are never sent."""
    forge: int = 0
    """Before how many a stranger sends the same event, signed with a secret of their own."""
    duplicate: int = 0
    """How many are sent twice at the same time."""
    delay: int = 0
    """How many are sent after `delay_s` seconds."""
    delay_s: float = 5.0
    is_holding: bool = False
    """Whether events wait for `Destination.release`."""

    def take(self, name: Literal["lose", "forge", "duplicate", "delay"]) -> bool:
        """Return whether a fault happens to the event at hand, and count it."""
        count: int = getattr(self, name)
        if count:
            setattr(self, name, count - 1)
        return count > 0


@dataclass
class Destination:
    """One address that events are sent to. `payload` says in which form; `types` which, without a "v1." in front."""

    posts: SignedPosts
    payload: Payload = "snapshot"
    types: tuple[str, ...] = PURCHASES
    is_on: bool = True
    faults: WebhookFaults = field(default_factory=WebhookFaults)
    waiting: list[JSON] = field(default_factory=list[JSON])
    outcomes: dict[str, str] = field(default_factory=dict[str, str])
    """The state of an event by its id: held, lost, sending, delivered, or refused so far."""

    def hear(self, snapshot: JSON, thin: JSON) -> None:
        """Send what has happened, in the form that was chosen."""
        if not self.is_on or snapshot["type"] not in self.types:
            return
        if self.payload != "thin":
            self._send(snapshot)
        if self.payload != "snapshot":
            self._send(thin)

    def redeliver(self, event: JSON) -> None:
        """Send an event again, with a new signature. What can go wrong with webhooks does not go wrong here."""
        self.outcomes[event["id"]] = "sending"
        self._post(event)

    def release(self, *, newest_first: bool = True) -> None:
        """Send the events that were held, by default in the wrong order, and hold no more."""
        self.faults.is_holding = False
        events, self.waiting = self.waiting, []
        for event in reversed(events) if newest_first else events:
            self._send(event)

    def _send(self, event: JSON) -> None:
        if self.faults.is_holding:
            self.waiting.append(event)
            self.outcomes[event["id"]] = "held"
            return
        if self.faults.take("lose"):
            self.outcomes[event["id"]] = "lost"
            return
        self.outcomes[event["id"]] = "sending"
        if self.faults.take("forge"):
            self.posts.send(orjson.dumps(event), event["type"], secret=secrets.token_urlsafe(24), repeats=False)
        delay_s = self.faults.delay_s if self.faults.take("delay") else 0.0
        for _ in range(2 if self.faults.take("duplicate") else 1):
            self._post(event, delay_s)

    def _post(self, event: JSON, delay_s: float = 0.0) -> None:
        def note(is_accepted: bool) -> None:
            self.outcomes[event["id"]] = "delivered" if is_accepted else "refused"

        self.posts.send(orjson.dumps(event), event["type"], delay_s=delay_s, note=note)
