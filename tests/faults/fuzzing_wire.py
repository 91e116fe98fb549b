"""Malformed input over the wire: gateway events, webhooks, and HTTP written by hand.

None of it ends or stalls the bot, and none of it moves a coin.
"""

import asyncio
import contextlib
import random
import time
from collections import Counter
from typing import Any

import orjson
from aiohttp import ClientSession, TCPConnector

from sandbox.signed_posts import signature
from tests.faults import hostile
from tests.rig import WEBHOOK_SECRET, Rig, Town

AT_ONCE = 16
"""Webhooks in flight at a time."""
NO_ERROR = 500
TRY_AGAIN = 503

LINES = (
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/0.9\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n\r\n",
    b"GET " + b"/" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello",
    b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{}",
    b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    b"POST /webhooks/%00%ff HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"BREW /webhooks/sandbox HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
    b"\x00" * 64,
)


async def fuzz_gateway(town: Town, chance: random.Random, frames: int, counts: Counter[str]) -> None:
    """Send valid events of this guild with random mutations."""
    rig = town.rig
    bases = _events(town)
    for number in range(frames):
        name, data = chance.choice(bases)
        mutation = hostile.mutate(chance, data, chance.choice((1, 1, 2, 5)))
        with contextlib.suppress(TypeError):  # a lone surrogate: no gateway sends what is not UTF-8
            rig.server.gateway.send_malformed(name, orjson.dumps(mutation))
        counts["gateway frames"] += 1
        if number % 50 == 49:
            # Gives the bot time to catch up, and checks that it still answers.
            await town.balance(town.mia)


def _events(town: Town) -> list[tuple[str, Any]]:
    guild = town.guild
    ids = {"guild_id": str(guild.id)}
    member = guild.members[town.mia.user.id]
    role = next(iter(guild.roles.values()))
    return [
        ("GUILD_ROLE_CREATE", ids | {"role": role.to_json()}),
        ("GUILD_ROLE_UPDATE", ids | {"role": role.to_json()}),
        ("GUILD_ROLE_DELETE", ids | {"role_id": "1"}),
        ("CHANNEL_CREATE", town.general.to_json() | ids | {"id": "1"}),
        ("CHANNEL_UPDATE", town.gifts.to_json() | ids),
        ("CHANNEL_DELETE", town.gifts.to_json() | ids | {"id": "1"}),
        ("GUILD_MEMBER_UPDATE", ids | member.to_json()),
        ("GUILD_MEMBER_REMOVE", ids | {"user": town.leo.user.to_json()}),
        ("THREAD_CREATE", town.general.to_json() | ids | {"id": "2", "type": 11, "parent_id": str(town.general.id)}),
        (
            "GUILD_SCHEDULED_EVENT_UPDATE",
            ids
            | {
                "id": "3",
                "channel_id": str(town.live.id),
                "creator_id": str(town.noor.user.id),
                "name": "A show",
                "status": 2,
                "entity_type": 2,
                "privacy_level": 2,
                "scheduled_start_time": "2030-01-01T00:00:00+00:00",
                "entity_id": None,
                "entity_metadata": None,
            },
        ),
        ("STAGE_INSTANCE_CREATE", ids | {"id": "4", "channel_id": str(town.live.id), "topic": "A show"}),
        ("STAGE_INSTANCE_DELETE", ids | {"id": "4", "channel_id": str(town.live.id), "topic": "A show"}),
        ("ENTITLEMENT_CREATE", ids | {"id": "5", "sku_id": "6", "application_id": "7", "type": 8, "deleted": False}),
        ("INTERACTION_CREATE", orjson.loads(_interaction(town))),
    ]


def _interaction(town: Town) -> bytes:
    """Return an interaction as the gateway sends it. Nobody waits for its answer."""
    data = {"id": "1", "name": "balance", "type": 1, "options": []}
    payload = {
        "id": "1", "application_id": str(town.rig.world.application.id), "type": 2, "data": data, "token": "t",
        "version": 1, "guild_id": str(town.guild.id), "channel_id": str(town.general.id),
        "channel": town.general.to_json(),
        "member": town.guild.members[town.mia.user.id].to_json() | {"permissions": "0"},
        "locale": "en-US", "guild_locale": "en-US", "app_permissions": "0", "entitlements": [], "context": 0,
        "authorizing_integration_owners": {"0": str(town.guild.id)}, "attachment_size_limit": 1,
    }  # fmt: skip
    return orjson.dumps(payload)


async def fuzz_webhooks(rig: Rig, chance: random.Random, webhooks: int, counts: Counter[str]) -> list[str]:
    """Send webhooks that are forged, or signed but odd. Return the answers that should not occur."""
    problems: list[str] = []
    url = f"http://127.0.0.1:{rig.web_port}/webhooks"
    gate = asyncio.Semaphore(AT_ONCE)

    async def send(client: ClientSession) -> None:
        body, headers = _webhook(chance)
        provider = chance.choice(("sandbox", "sandbox", "sandbox", "stripe", "%00", "..", "x" * 300))
        async with gate, client.post(f"{url}/{provider}", data=body, headers=headers) as response:
            counts[f"webhooks answered {response.status}"] += 1
            if response.status >= NO_ERROR and response.status != TRY_AGAIN:
                problems.append(f"{response.status} for {headers} {body[:200]!r}")

    async with ClientSession(connector=TCPConnector(limit=AT_ONCE)) as client:
        for _ in range(0, webhooks, 500):
            await asyncio.gather(*(send(client) for _ in range(min(webhooks, 500))))
    return problems


def _webhook(chance: random.Random) -> tuple[bytes, dict[str, str]]:
    event = {"id": f"evt_{chance.randrange(10**9)}", "type": "session.paid", "session_id": "cs_1", "created_ms": 1}
    try:
        body = orjson.dumps(hostile.mutate(chance, event, chance.choice((0, 1, 2, 4))))
    except TypeError:
        body = chance.randbytes(40)
    if chance.random() < 0.1:
        body = chance.choice((b"", b"[", b"\xff\xfe", b'"', b"[" * 10_000, b"1e999", chance.randbytes(70_000)))
    now_s = int(time.time())
    header = chance.choice((signature(WEBHOOK_SECRET, body, now_s), signature("another", body, now_s), "t=1,v1=", "="))
    return body, {"Rosette-Signature": header, "Content-Type": chance.choice(("application/json", "text/plain", "x"))}


async def fuzz_http(rig: Rig, chance: random.Random, connections: int, counts: Counter[str]) -> None:
    """Open connections, send bad or partial HTTP, and leave."""
    for _ in range(connections):
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.web_port)
        line = chance.choice(LINES)
        writer.write(line[: chance.randrange(1, len(line) + 1)] if chance.random() < 0.5 else line)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            if chance.random() < 0.3:
                writer.write_eof()
                await asyncio.wait_for(reader.read(1_000), 5)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        counts["connections"] += 1
