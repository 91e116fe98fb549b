"""What an operator can set, from the environment or `.env`. Read by the composition root and nowhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import setting_checks as check
from bot.domain.currencies import check_currency, parse_price
from bot.domain.errors import Refusal
from bot.domain.ids import id_in
from bot.domain.store_prices import Price

DISCORD_API = "https://discord.com/api/v10"
DISCORD_GATEWAY = "wss://gateway.discord.gg/"
DISCORD_CDN = "https://cdn.discordapp.com"
STRIPE_API = "https://api.stripe.com"

ENV_FILE: Final = Path(".env")

_DATABASES: Final = frozenset({"sqlite", "sqlite+aiosqlite", "postgresql", "postgresql+asyncpg"})

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Every setting, in the order of `.env.example`. The field's name in capitals is the variable's name."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let secret files win over the environment: a copy of `.env.example` would hide them with empty lines."""
        return init_settings, file_secret_settings, env_settings, dotenv_settings

    discord_token: SecretStr
    """The bot's token, from the Bot page of the Discord developer portal."""
    database_url: str = "sqlite:///data/rosette.db"
    """Where the books are: a SQLite file, or postgresql://user:password@host/name."""
    database_dumps: Path = Path("data")
    """Where a PostgreSQL database is dumped before it is migrated. A SQLite file is copied beside itself."""
    checkpoint_key: SecretStr = SecretStr("")
    """Signs where the books end, so that books that were cut off or set back are noticed. Empty: they are not."""
    fonts_dir: Path = Path("/usr/share/fonts")
    """Where the system's Noto fonts are, for when the font packages are missing."""
    picture_folder: Path = Path("data/pictures")
    """Where pictures of gifts are kept, because they take long to draw. Several bots may share it, and it can be
    deleted."""
    discord_api_url: str = DISCORD_API
    """Discord's REST API. Another value points the bot at a stand-in or a rate-limiting proxy."""
    discord_gateway_url: str = DISCORD_GATEWAY
    """Discord's gateway."""
    discord_cdn_url: str = DISCORD_CDN
    """Where avatars are fetched for pictures."""
    shard_count: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Into how many shards the bot's guilds are split; the same for every process of the bot."""
    shard_ids: Annotated[tuple[Annotated[int, Field(ge=0)], ...], NoDecode] = ()
    """The shards of this process, comma-separated. Empty: all."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much the bot tells. discord.py itself never logs below INFO: its debug lines carry tokens."""
    log_format: Literal["text", "json"] = "text"
    """How a line of the log looks: for people, or as one JSON object for what collects logs."""
    sentry_dsn: SecretStr = SecretStr("")
    """The Sentry project that errors are reported to. Empty: nowhere. It needs the packages of the extra `sentry`."""
    payment_providers: Annotated[
        tuple[Literal["sandbox", "stripe", "discord_sku", "kofi", "manual"], ...], NoDecode
    ] = ()
    """Payment providers that are switched on, comma-separated. Empty: coins come from grants."""
    web_host: str = "127.0.0.1"
    """The address that the web part (webhooks, health) listens on; put a TLS proxy in front of it."""
    web_port: Port = 8080
    """Its port; 0 takes a free one."""
    metrics_host: str = "127.0.0.1"
    """The address at which figures for Prometheus are served. It has no password, so keep it off the internet."""
    metrics_port: Port | None = None
    """Its port. Empty: no figures are served."""
    public_url: Annotated[str, AfterValidator(check.public)] = ""
    """The address at which the web part is reached from outside, for the links of overlays. Empty: there are none."""
    privacy_url: Annotated[str, AfterValidator(check.page)] = ""
    """The page of the operator's privacy notice, to which `/help` leads."""
    terms_url: Annotated[str, AfterValidator(check.page)] = ""
    """The page of the operator's terms."""
    kofi_url: str = "https://ko-fi.com"
    """Where the pages of Ko-fi are. Another value points buyers at a stand-in."""
    sandbox_checkout_url: Annotated[str, AfterValidator(check.optional_page)] = ""
    """The pretend checkout's API; needed where PAYMENT_PROVIDERS names sandbox."""
    sandbox_checkout_secret: SecretStr = SecretStr("")
    """The key that opens checkout sessions there."""
    sandbox_webhook_secret: SecretStr = SecretStr("")
    """The secret that its webhooks are signed with."""
    stripe_secret_key: SecretStr = SecretStr("")
    """The secret key of a Stripe account; needed where PAYMENT_PROVIDERS names stripe. A test key sells test coins."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    """The signing secret of the webhook endpoint there."""
    stripe_api_url: str = STRIPE_API
    """Stripe's API. Another value points the bot at a stand-in, and is refused with a live key."""
    stripe_mode: Literal["plain", "managed", "connect"] = "plain"
    """Who sells: plain, the operator's account; managed, Stripe; connect, each guild's own account."""
    stripe_guilds: Annotated[tuple[Annotated[int, Field(gt=0)], ...], NoDecode] = ()
    """The guilds whose money goes to the operator's account, in plain and managed. Every other needs connect."""
    stripe_line: Annotated[str, AfterValidator(check.sold_as)] = (
        "{coins} gift credits, usable only in the server where you buy them, not redeemable for cash"
    )
    """What the buyer reads at the checkout."""
    stripe_statement: Annotated[str, AfterValidator(check.statement)] = "GIFT CREDITS"
    """What the buyer reads on a bank statement, after the account's own prefix. In managed, Stripe chooses that."""
    stripe_tax_code: Annotated[str, AfterValidator(check.tax_code)] = ""
    """The tax code of what is sold; needed in managed."""
    stripe_transfers: bool = False
    """Whether guilds may pay their creators by Stripe transfers, in plain. It needs Connect, and a live key."""
    discord_skus: Annotated[tuple[str, ...], NoDecode] = ()
    """SKUs that members buy on Discord, and what each costs there: 1234567890123456789=4.99 USD, comma-separated."""
    discord_sku_test_mode: bool = False
    """Whether purchases in Discord's test mode bring test coins. They are free for the members of the bot's team."""
    discord_sku_payouts: bool = False
    """Whether creators are paid from purchases on Discord, which pays the operator. As long as they are not, their
    shares wait."""

    @property
    def discord_sku_prices(self) -> dict[str, Price]:
        """What each SKU costs on Discord, by its id."""
        return dict(_sku_price(entry) for entry in self.discord_skus)

    @property
    def confirmed_payouts(self) -> frozenset[str]:
        """The providers that pay the operator and from whose money creators are paid."""
        return frozenset({"discord_sku"} if self.discord_sku_payouts else ())

    @property
    def shards(self) -> tuple[int, ...]:
        """The shards that this process serves."""
        return self.shard_ids or tuple(range(self.shard_count))

    @field_validator("payment_providers", "shard_ids", "stripe_guilds", "discord_skus", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("metrics_port", mode="before")
    @classmethod
    def _may_be_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("discord_token")
    @classmethod
    def _is_set(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip():
            raise ValueError("is empty")
        return value

    @field_validator("database_url")
    @classmethod
    def _names_a_database(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        # A host would stand between the slashes, and a SQLite file has none.
        is_file = scheme.startswith("sqlite") and rest.startswith("/") and len(rest) > 1
        is_server = scheme.startswith("postgresql") and bool(rest)
        if scheme not in _DATABASES or not (is_file or is_server):
            raise ValueError("must be sqlite:///path/to/file.db or postgresql://user:password@host/name")
        if is_server:
            check.port_of(value)
        return value

    @field_validator("discord_cdn_url", "kofi_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return check.address(value, {"http", "https"})

    @field_validator("discord_api_url", "stripe_api_url")
    @classmethod
    def _is_a_safe_web_address(cls, value: str) -> str:
        return check.confidential(check.address(value, {"http", "https"}))

    @field_validator("discord_gateway_url")
    @classmethod
    def _is_a_safe_socket_address(cls, value: str) -> str:
        return check.confidential(check.address(value, {"ws", "wss"}))

    @field_validator("sandbox_checkout_secret", "sandbox_webhook_secret")
    @classmethod
    def _is_hard_to_guess(cls, value: SecretStr) -> SecretStr:
        return SecretStr(check.secret(value.get_secret_value()))

    @field_validator("checkpoint_key")
    @classmethod
    def _is_a_signing_key(cls, value: SecretStr) -> SecretStr:
        return SecretStr(check.signing_key(value.get_secret_value()))

    @field_validator("stripe_secret_key")
    @classmethod
    def _is_a_stripe_key(cls, value: SecretStr) -> SecretStr:
        return SecretStr(check.stripe_key(value.get_secret_value()))

    @field_validator("stripe_webhook_secret")
    @classmethod
    def _is_a_signing_secret(cls, value: SecretStr) -> SecretStr:
        return SecretStr(check.stripe_webhook_secret(value.get_secret_value()))

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        if len(set(self.shard_ids)) < len(self.shard_ids):
            raise ValueError("SHARD_IDS lists a shard twice")
        if any(shard >= self.shard_count for shard in self.shard_ids):
            raise ValueError("SHARD_IDS must be below SHARD_COUNT")
        if len(self.shards) < self.shard_count and self.database_url.startswith("sqlite"):
            raise ValueError(
                "SHARD_IDS leaves shards to other processes, so DATABASE_URL must be a PostgreSQL database"
            )
        return self

    @model_validator(mode="after")
    def _metrics_are_apart(self) -> Self:
        if self.metrics_port and self.metrics_port == self.web_port:
            raise ValueError("METRICS_PORT must not be WEB_PORT, which is open to the world")
        return self

    @field_validator("discord_skus")
    @classmethod
    def _are_skus(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        skus = [_sku_price(entry)[0] for entry in value]
        if len(set(skus)) < len(skus):
            raise ValueError("lists a SKU twice")
        return value

    @model_validator(mode="after")
    def _skus_are_listed(self) -> Self:
        if "discord_sku" in self.payment_providers and not self.discord_skus:
            raise ValueError("PAYMENT_PROVIDERS lists discord_sku, but DISCORD_SKUS is not set")
        return self

    @model_validator(mode="after")
    def _sandbox_is_complete(self) -> Self:
        if "sandbox" in self.payment_providers:
            required = {
                "SANDBOX_CHECKOUT_URL": self.sandbox_checkout_url,
                "SANDBOX_CHECKOUT_SECRET": self.sandbox_checkout_secret.get_secret_value(),
                "SANDBOX_WEBHOOK_SECRET": self.sandbox_webhook_secret.get_secret_value(),
            }
            _check_all_set("sandbox", required)
        return self

    @model_validator(mode="after")
    def _stripe_is_complete(self) -> Self:
        if "stripe" not in self.payment_providers:
            return self
        key = self.stripe_secret_key.get_secret_value()
        required: dict[str, object] = {
            "STRIPE_SECRET_KEY": key,
            "STRIPE_WEBHOOK_SECRET": self.stripe_webhook_secret.get_secret_value(),
        }
        if self.stripe_mode != "connect":
            required["STRIPE_GUILDS"] = self.stripe_guilds
        elif self.stripe_guilds:
            raise ValueError("STRIPE_GUILDS is for STRIPE_MODE plain and managed: in connect, guilds have own accounts")
        if self.stripe_mode == "managed":
            required["STRIPE_TAX_CODE"] = self.stripe_tax_code
        _check_all_set("stripe", required)
        is_test = self.stripe_api_url == STRIPE_API and not key[3:].startswith("live_")
        check.stripe_transfers(self.stripe_mode if self.stripe_transfers else "", is_test=is_test)
        if key[3:].startswith("live_") and self.stripe_api_url != STRIPE_API:
            raise ValueError("STRIPE_API_URL is not Stripe's, so STRIPE_SECRET_KEY must be a test key")
        return self


def _check_all_set(provider: str, required: Mapping[str, object]) -> None:
    missing = [name for name, value in required.items() if not value]
    if missing:
        raise ValueError(f"PAYMENT_PROVIDERS lists {provider}, but {', '.join(missing)} is not set")


def _sku_price(entry: str) -> tuple[str, Price]:
    """Return the id of a SKU and its price, from text such as 1234567890123456789=4.99 USD; raise ValueError."""
    sku, _, price = (part.strip() for part in entry.partition("="))
    number, _, currency = price.partition(" ")
    try:
        code = check_currency(currency)
        minor = parse_price(number, code)
    except Refusal:
        raise ValueError("must be like 1234567890123456789=4.99 USD") from None
    if not id_in(sku):
        raise ValueError("must begin with the id of a SKU, like 1234567890123456789=4.99 USD")
    return sku, Price(minor, code)
