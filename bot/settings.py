"""What an operator can set, from the environment or `.env`. Read by the composition root and nowhere else."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DISCORD_API = "https://discord.com/api/v10"
DISCORD_GATEWAY = "wss://gateway.discord.gg/"
DISCORD_CDN = "https://cdn.discordapp.com"

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Every setting, in the order of `.env.example`. The field's name in capitals is the variable's name."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    discord_token: SecretStr
    """The bot's token, from the Bot page of the Discord developer portal."""
    database_url: str = "sqlite+aiosqlite:///data/rosette.db"
    """Where the books are, in SQLAlchemy's form: a SQLite file, or postgresql+asyncpg://user:password@host/name."""
    database_dumps: Path = Path("data")
    """Where a PostgreSQL database is dumped to before it is migrated. A SQLite file is copied beside itself."""
    discord_api_url: str = DISCORD_API
    """Discord's REST API. Another value points the bot at a stand-in or a rate-limiting proxy."""
    discord_gateway_url: str = DISCORD_GATEWAY
    """Discord's gateway."""
    discord_cdn_url: str = DISCORD_CDN
    """Where avatars are fetched for pictures."""
    shard_count: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Into how many shards the bot's guilds are split; the same for every process of the bot."""
    shard_ids: Annotated[tuple[Annotated[int, Field(ge=0)], ...], NoDecode] = ()
    """The shards of this process, parted by commas. Empty: all."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much the bot tells. discord.py itself never logs below INFO: its debug lines carry tokens."""
    payment_providers: Annotated[tuple[Literal["sandbox"], ...], NoDecode] = ()
    """Payment providers that are switched on, parted by commas. Empty: coins come from grants."""
    web_host: str = "127.0.0.1"
    """The address that the web part (webhooks, health) listens on; put a TLS proxy in front of it."""
    web_port: Port = 8080
    """Its port; 0 takes a free one."""
    sandbox_checkout_url: str = ""
    """The pretend checkout's API; needed where PAYMENT_PROVIDERS names sandbox."""
    sandbox_checkout_secret: SecretStr = SecretStr("")
    """The key that opens checkout sessions there."""
    sandbox_webhook_secret: SecretStr = SecretStr("")
    """The secret that its webhooks are signed with."""

    @property
    def shards(self) -> tuple[int, ...]:
        """The shards that this process serves."""
        return self.shard_ids or tuple(range(self.shard_count))

    @field_validator("payment_providers", "shard_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("discord_token")
    @classmethod
    def _is_set(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip():
            raise ValueError("is empty")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_async_driver(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("has to start with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value

    @field_validator("discord_api_url", "discord_gateway_url", "discord_cdn_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://", "ws://", "wss://")):
            raise ValueError("is not an address")
        return value

    @field_validator("sandbox_checkout_url")
    @classmethod
    def _is_a_web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("is not an address")
        return value

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        if len(set(self.shard_ids)) < len(self.shard_ids):
            raise ValueError("SHARD_IDS names a shard twice")
        if any(shard >= self.shard_count for shard in self.shard_ids):
            raise ValueError("SHARD_IDS has to be below SHARD_COUNT")
        if len(self.shards) < self.shard_count and self.database_url.startswith("sqlite"):
            raise ValueError("SHARD_IDS leaves shards to other processes, so DATABASE_URL has to be PostgreSQL")
        return self

    @model_validator(mode="after")
    def _sandbox_is_complete(self) -> Self:
        if "sandbox" in self.payment_providers:
            needed = {
                "SANDBOX_CHECKOUT_URL": self.sandbox_checkout_url,
                "SANDBOX_CHECKOUT_SECRET": self.sandbox_checkout_secret.get_secret_value(),
                "SANDBOX_WEBHOOK_SECRET": self.sandbox_webhook_secret.get_secret_value(),
            }
            missing = [name for name, value in needed.items() if not value]
            if missing:
                raise ValueError(f"PAYMENT_PROVIDERS names sandbox, but {', '.join(missing)} is not set")
        return self


class SettingsError(Exception):
    """A setting is missing or malformed. The text is one line for the operator, without any value in it."""


def load() -> Settings:
    """Return the settings; raise SettingsError."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue] - the environment gives the arguments
    except ValidationError as error:
        raise SettingsError(" · ".join(_line(problem["loc"], problem["msg"]) for problem in error.errors())) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(".env cannot be read as UTF-8 text") from None


def _line(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0]).upper() if location else ""
    text = message.removeprefix("Value error, ")
    if text == "Field required":
        text = "is not set"
    return f"{name} {text}".strip()
