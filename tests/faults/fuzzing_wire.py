"""Malformed input over the wire: gateway events, and HTTP written by hand.

None of it ends or stalls the bot, and none of it moves a coin.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson

from sandbox.discord.jsontypes import JSON
from tests.faults import hostile
from tests.rig import Rig, Town

UPGRADE = (
    b"GET /overlay/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
)
KEY = b"\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
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
    UPGRADE.replace(b"13", b"99") + b"\r\n\r\n",
    UPGRADE + b"\r\nSec-WebSocket-Key: x\r\n\r\n",
    *(
        UPGRADE + KEY + frame
        for frame in (b"\x81\x05hello", b"\xff\xff" * 20, b"\x81\xff" + b"\xff" * 12, b"\x88\x81\0\0\0\0x")
    ),
)


async def fuzz_gateway(town: Town, chance: random.Random, frames: int, counts: Counter[str]) -> None:
    """Send valid events of this guild with random mutations."""
    rig = town.rig
    bases = events(town)
    for number in range(frames):
        name, data = chance.choice(bases)
        mutation = hostile.mutate(chance, data, chance.choice((1, 1, 2, 5)))
        with contextlib.suppress(TypeError):  # a lone surrogate: no gateway sends what is not UTF-8
            rig.server.gateway.send_malformed(name, orjson.dumps(mutation))
        counts["gateway frames"] += 1
        if number % 50 == 49:
            # Gives the bot time to catch up, and checks that it still answers.
            await town.balance(town.mia)


def events(town: Town) -> list[tuple[str, Any]]:
    """Return valid events about a town, by name. None of them changes anything that its people notice."""
    guild, world = town.guild, town.rig.world
    ids = {"guild_id": str(guild.id)}
    member, role = guild.members[town.mia.user.id], next(iter(guild.roles.values()))
    thread = town.general.to_json() | ids | {"id": "2", "type": 11, "parent_id": str(town.general.id)}
    stage = ids | {"id": "4", "channel_id": str(town.live.id), "topic": "A show"}
    show = ids | {
        "id": "3", "channel_id": str(town.live.id), "creator_id": str(town.noor.user.id), "name": "A show", "status": 2,
        "entity_type": 2, "privacy_level": 2, "scheduled_start_time": "2030-01-01T00:00:00+00:00", "entity_id": None,
        "entity_metadata": None,
    }  # fmt: skip
    sku = next(iter(world.skus), 6)
    purchase = {"id": "5", "sku_id": str(sku), "application_id": str(world.application.id), "type": 8, "deleted": False}
    purchase |= {"user_id": str(town.mia.user.id), "consumed": False}
    return [
        (
            "GUILD_UPDATE",
            {key: value for key, value in guild.create_json(world.bot_user.id).items() if key != "members"},
        ),
        ("GUILD_EMOJIS_UPDATE", ids | {"emojis": [{"id": "8", "name": "wave", "animated": False, "roles": []}]}),
        ("GUILD_ROLE_CREATE", ids | {"role": role.to_json()}),
        ("GUILD_ROLE_UPDATE", ids | {"role": role.to_json()}),
        ("GUILD_ROLE_DELETE", ids | {"role_id": "1"}),
        ("CHANNEL_CREATE", town.general.to_json() | ids | {"id": "1"}),
        ("CHANNEL_UPDATE", town.gifts.to_json() | ids),
        ("CHANNEL_DELETE", town.gifts.to_json() | ids | {"id": "1"}),
        ("GUILD_MEMBER_UPDATE", ids | member.to_json()),
        ("GUILD_MEMBER_REMOVE", ids | {"user": town.leo.user.to_json()}),
        *((name, thread) for name in ("THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE")),
        *((f"GUILD_SCHEDULED_EVENT_{end}", show) for end in ("CREATE", "UPDATE", "DELETE")),
        *((f"STAGE_INSTANCE_{end}", stage) for end in ("CREATE", "UPDATE", "DELETE")),
        *((f"ENTITLEMENT_{end}", purchase) for end in ("CREATE", "UPDATE", "DELETE")),
        *(("INTERACTION_CREATE", interaction) for interaction in interactions(town)),
    ]


def interactions(town: Town) -> Iterator[JSON]:
    """Yield one interaction of each type as the gateway sends it. Nobody waits for its answer."""
    payload: JSON = {
        "id": "1", "application_id": str(town.rig.world.application.id), "token": "t", "version": 1,
        "guild_id": str(town.guild.id), "channel_id": str(town.general.id), "channel": town.general.to_json(),
        "member": town.guild.members[town.mia.user.id].to_json() | {"permissions": "0"},
        "locale": "en-US", "guild_locale": "en-US", "app_permissions": "0", "entitlements": [], "context": 0,
        "authorizing_integration_owners": {"0": str(town.guild.id)}, "attachment_size_limit": 1,
    }  # fmt: skip
    item = hostile.component("history-open", hostile.BUTTON)
    message: JSON = {
        "id": "9", "channel_id": str(town.general.id), "author": town.rig.world.bot_user.to_json(), "content": "x",
        "timestamp": "2030-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False, "mention_everyone": False,
        "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "type": 0,
        "components": [{"type": 1, "id": 2, "components": [item]}],
    }  # fmt: skip
    typed = [{"name": "gift", "type": 3, "value": "Pe", "focused": True}]
    inputs = [{"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "a", "value": "b"}}]
    yield payload | {"type": 2, "data": {"id": "1", "name": "balance", "type": 1, "options": []}}
    yield payload | {"type": 3, "data": {"component_type": 2, "custom_id": "history-open", "id": 1}, "message": message}
    yield payload | {"type": 4, "data": {"id": "1", "name": "gift", "type": 1, "options": typed}}
    yield payload | {"type": 5, "data": {"custom_id": "x", "components": inputs}, "message": message}


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
