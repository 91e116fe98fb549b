"""The facts that the doctor judges. Gatherers fill them in; None always means that a fact could not be found out.

Sizes are in bytes, times in milliseconds since the epoch (UTC) or in seconds where the name ends in `_s`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.domain.packages import Package
from bot.domain.store_prices import Price

EVENT_DAYS: Final = 30
"""For how many days a payment that could not be settled is named."""


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What runs here. `fonts` says for each package of fonts or emoji whether it is "installed", or else what replaces
    it: "system", or "" for nothing."""

    python: tuple[int, int, int]
    sqlite: tuple[int, int, int]
    has_raqm: bool | None
    """Whether pictures can shape text, which needs FriBiDi beside Pillow. None if the drawing process does not
    start."""
    fonts: Mapping[str, str]
    fonts_dir: Path


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """The sources of settings, by their names in capitals, and what is odd about them. Never their values."""

    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()
    error: str = ""
    """Why the settings cannot be used."""
    env_mode: int | None = None
    """The permissions of `.env`, None if there is no such file."""
    providers: tuple[str, ...] = ()
    has_live_provider: bool = False
    is_on_discord: bool = False
    """Whether the API is Discord's own."""
    has_sku_payouts: bool | None = None
    """Whether creators are paid from purchases on Discord. None if nobody pays there."""


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder that the bot has to write to. `owner` is its owner's uid, `uid` that of whoever runs this."""

    what: str
    path: Path
    owner: int | None
    uid: int
    is_writable: bool
    free_bytes: int | None


@dataclass(frozen=True, slots=True)
class BooksFacts:
    """The books. `size` is that of the file, 0 on a server, and `rows` is how many rows their journals have."""

    place: str
    """Where they are, without a password."""
    trouble: str = ""
    """Why they cannot be read."""
    is_shared: bool = False
    exist: bool = False
    were_there: bool = False
    """Whether something shows that there were books before."""
    size: int = 0
    rows: int = 0
    first_row_ms: int | None = None
    revision: str | None = None
    newest_revision: str = ""
    is_known_revision: bool = True
    lock_holder: str = ""
    """The process that has them open, "" for nobody."""
    backup_ms: int = 0
    audit_ms: int = 0
    audit_findings: int = 0
    checkpoint: str = "off"
    """off, missing, good, or what is wrong with the signed checkpoint."""
    pg_dump: int | None = None
    """The major version of pg_dump, None if it is not on the path."""
    server: int | None = None
    """The major version of the server, None for a file."""
    packages: tuple[Package, ...] = ()
    """The packages on sale that are tied to a SKU."""
    sku_prices: Mapping[str, Price] = field(default_factory=dict[str, Price])
    lost_events: int = 0
    """Payment events of the last EVENT_DAYS days that could not be settled and are in no guild's cases."""
    lost_purchases: tuple[tuple[str, str], ...] = ()
    """The provider and the purchase of the newest of them."""
    now_ms: int = 0


@dataclass(frozen=True, slots=True)
class DiscordFacts:
    """What Discord says. `trouble` is why it could not be asked."""

    trouble: str = ""
    is_token_valid: bool | None = None
    name: str = ""
    privileged_intents: tuple[str, ...] = ()
    starts_left: int | None = None
    starts_reset_s: int = 0
    shards: int | None = None
    """How many shards Discord recommends."""
    shard_count: int = 1
    skew_s: float | None = None
    """How far this machine's clock is ahead of Discord's."""


@dataclass(frozen=True, slots=True)
class PortFacts:
    """A port that the bot listens on."""

    setting: str
    host: str
    port: int
    trouble: str = ""
    """Why it cannot be taken."""
    answers: bool = False
    """Whether something that looks like this bot answers there."""
    open_at: str = ""
    """The address of this machine at which the internet may reach it, "" for none."""


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """The address at which others reach the web part. `status` is what `/healthz` answered there."""

    url: str
    status: int | None = None
    trouble: str = ""
    certificate_days: int | None = None
    """How many days its certificate is still good for, None without TLS."""
