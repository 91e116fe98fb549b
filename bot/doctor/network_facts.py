"""Asks Discord, and the bot's own addresses, as a stranger would: a few requests, and nothing is changed."""

import email.utils
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import aiohttp
import orjson

from bot.clock import wall_ms
from bot.doctor.facts import DiscordFacts, PortFacts, PublicFacts
from bot.settings import Settings
from bot.version import version

_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
_INTENTS: Final = {
    "presences": 1 << 12 | 1 << 13,
    "server members": 1 << 14 | 1 << 15,
    "message content": 1 << 18 | 1 << 19,
}
"""The flags of an application for each privileged intent, in many servers and in few."""


async def discord_facts(settings: Settings) -> DiscordFacts:
    """Return what Discord says to the bot's token."""
    token = settings.discord_token.get_secret_value()
    headers = {"Authorization": f"Bot {token}", "User-Agent": f"DiscordBot (rosette, {version()})"}
    facts = DiscordFacts(shard_count=settings.shard_count)
    root = settings.discord_api_url.rstrip("/")
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT) as session:
            status, me, facts = await _asked(session, f"{root}/users/@me", facts)
            if status == 401:
                return replace(facts, is_token_valid=False)
            if status != 200:
                return replace(facts, trouble=f"it answered {status}")
            facts = replace(facts, is_token_valid=True, name=str(me.get("username", "")))
            _, application, facts = await _asked(session, f"{root}/applications/@me", facts)
            _, gateway, facts = await _asked(session, f"{root}/gateway/bot", facts)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        return replace(facts, trouble=f"it cannot be reached: {_reason(error)}")
    limit: Mapping[str, Any] = gateway.get("session_start_limit") or {}
    flags = int(application.get("flags") or 0)
    return replace(
        facts,
        privileged_intents=tuple(name for name, bits in _INTENTS.items() if flags & bits),
        starts_left=limit.get("remaining"),
        starts_reset_s=int(limit.get("reset_after") or 0) // 1_000,
        shards=gateway.get("shards"),
    )


async def _asked(
    session: aiohttp.ClientSession, url: str, facts: DiscordFacts
) -> tuple[int, Mapping[str, Any], DiscordFacts]:
    """Return the status and the body, and the facts with what the answer says of the time."""
    before_ms = wall_ms()
    async with session.get(url, allow_redirects=False) as response:
        body = await response.read()
        after_ms = wall_ms()
        date = email.utils.parsedate_to_datetime(response.headers["Date"]) if "Date" in response.headers else None
        # A header names the second that has begun, and was written at some time between asking and hearing.
        skew_s = (before_ms + after_ms) / 2_000 - date.timestamp() - 0.5 if date else None
        content: Mapping[str, Any] = orjson.loads(body) if response.status == 200 else {}
        return response.status, content, replace(facts, skew_s=skew_s)


async def with_answers(ports: Sequence[PortFacts]) -> list[PortFacts]:
    """Return the ports with whether a bot answers on those that are taken."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        return [replace(port, answers=bool(port.trouble) and await _answers(session, port)) for port in ports]


async def _answers(session: aiohttp.ClientSession, port: PortFacts) -> bool:
    host = "127.0.0.1" if port.host in {"0.0.0.0", "::"} else port.host  # noqa: S104 - compared only
    path = "metrics" if port.setting == "METRICS_PORT" else "healthz"
    try:
        async with session.get(f"http://{host}:{port.port}/{path}") as response:
            return response.status in {200, 503}
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return False


async def public_facts(url: str) -> PublicFacts | None:
    """Return what answers at the address at which others reach the web part, None if there is none."""
    if not url:
        return None
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(f"{url}/healthz", allow_redirects=False) as response,
        ):
            connection = response.connection
            certificate: Mapping[str, Any] | None = (
                connection.transport.get_extra_info("peercert") if connection and connection.transport else None
            )
            return PublicFacts(url, response.status, certificate_days=_days_left(certificate))
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        return PublicFacts(url, trouble=_reason(error))


def _days_left(certificate: Mapping[str, Any] | None) -> int | None:
    if not certificate:
        return None
    return int((ssl.cert_time_to_seconds(certificate["notAfter"]) - wall_ms() / 1_000) // 86_400)


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
