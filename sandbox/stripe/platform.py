"""The platform's own account, the accounts connected to it, their events and keys, and the file that holds it all."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import orjson

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import accounts, checkout_sessions, events
from sandbox.stripe.account import Account, new_id
from sandbox.stripe.accounts import Link
from sandbox.stripe.destination import Destination
from sandbox.stripe.errors import no_access
from sandbox.stripe.idempotency import Keys

_OWN: Final = "platform"


class Platform:
    """Everything at this Stripe. `now_ms` is the clock. With a `path` it survives the process, and it may be live.

    `cause` is the API request that is being carried out, as its events name it.
    """

    def __init__(
        self, destination: Destination, now_ms: Callable[[], int], path: Path | None = None, *, is_live: bool = False
    ) -> None:
        self._now_ms = now_ms
        self._is_live = is_live
        self._path = path
        self._watchers: list[Callable[[Account, JSON], None]] = []
        self.destination = destination
        self.keys = Keys(self.now_s)
        self.connected: dict[str, Account] = {}
        self.links: dict[str, Link] = {}
        self.are_refunds_slow = False
        self.cause: JSON | None = None
        if path is not None and path.exists():
            self.own = self._load(orjson.loads(path.read_bytes()))
        else:
            self.own = self._account(accounts.create_record({}, created=self.now_s()), is_platform=True)
            accounts.enable(self.own.record)

    def now_s(self) -> int:
        """Return the time in seconds since the epoch."""
        return self._now_ms() // 1000

    def account(self, account_id: str) -> Account:
        """Return the account that a request is about, the platform's own if it names none; raise StripeError."""
        if account_id in {"", self.own.id}:
            return self.own
        if account_id not in self.connected:
            raise no_access(account_id)
        return self.connected[account_id]

    def all_accounts(self) -> list[Account]:
        """Return the platform's own account and those connected to it."""
        return [self.own, *self.connected.values()]

    def connect(self, fields: JSON) -> Account:
        """Create a connected account for parameters that `accounts.CREATE` has read."""
        account = self._account(accounts.create_record(fields, created=self.now_s()), is_platform=False)
        self.connected[account.id] = account
        return account

    def create_link(self, fields: JSON, root: str) -> JSON:
        """Create a link to onboarding for parameters that `accounts.CREATE_LINK` has read."""
        account_id = self.account(fields["account"]).id
        now_s = self.now_s()
        token = new_id("", 16)
        link = Link(account_id, fields["return_url"], fields["refresh_url"], now_s + accounts.LINK_S)
        self.links[token] = link
        return accounts.link_json(link, token, root, now_s)

    def disconnect(self, account: Account) -> None:
        """Let an account's owner revoke the platform's access."""
        account.announce("account.application.deauthorized", account.record)
        del self.connected[account.id]

    def find_session(self, session_id: str) -> tuple[Account, JSON] | None:
        """Return a checkout session with its account, for those who only have its address."""
        for account in self.all_accounts():
            if session_id in account.tables["checkout.session"]:
                return account, account.tables["checkout.session"][session_id]
        return None

    def find_event(self, event_id: str) -> JSON | None:
        """Return an event of any account, or None."""
        matches = (events.find(account, event_id) for account in self.all_accounts())
        return next((event for event in matches if event is not None), None)

    def tidy(self) -> None:
        """Do what time has brought about."""
        for account in self.all_accounts():
            checkout_sessions.expire_due(account)

    def watch(self, watcher: Callable[[Account, JSON], None]) -> None:
        """Call `watcher` with each snapshot event and its account."""
        self._watchers.append(watcher)

    def _account(self, record: JSON, *, is_platform: bool) -> Account:
        return Account(record, is_platform, self.now_s, self._record, is_live=self._is_live)

    def _record(self, account: Account, event_type: str, thing: JSON, previous: JSON | None) -> None:
        snapshot, thin = events.record(account, event_type, thing, previous, self.cause)
        self.destination.hear(snapshot, thin)
        for watcher in self._watchers:
            watcher(account, snapshot)

    def save(self) -> None:
        """Write everything to the file, if there is one."""
        if self._path is None:
            return
        state = {
            "accounts": {
                _OWN if account.is_platform else account.id: {
                    "record": account.record,
                    "tables": account.tables,
                    "drafts": account.drafts,
                }
                for account in self.all_accounts()
            },
            "links": {token: asdict(link) for token, link in self.links.items()},
            "keys": self.keys.to_json(),
        }
        self._path.write_bytes(orjson.dumps(state))

    def _load(self, state: JSON) -> Account:
        loaded: dict[str, Account] = {}
        for name, fields in state["accounts"].items():
            loaded[name] = self._account(fields["record"], is_platform=name == _OWN)
            loaded[name].tables |= fields["tables"]
            loaded[name].drafts = fields["drafts"]
        own = loaded.pop(_OWN)
        self.connected = loaded
        self.links = {token: Link(**fields) for token, fields in state["links"].items()}
        self.keys.load(state["keys"])
        return own
