"""Clients that dawdle, flood or send nonsense: gifts are answered, webhooks arrive, and the log stays readable."""

import asyncio
import resource
import sys
from pathlib import Path

import pytest

from sandbox.supervisor import BotProcess
from tests.rig import ROOT, Rig, Town, until

HALF = b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
FLOOD = 1_500
DESCRIPTORS = 1_024


async def health(rig: Rig) -> int:
    async with rig.http.get(f"http://127.0.0.1:{rig.web_port}/healthz") as answer:
        return answer.status


def descriptors_of(pid: int) -> int:
    """Return how many files and connections a process has open."""
    return len([*Path(f"/proc/{pid}/fd").iterdir()])


def lines(rig: Rig, words: str) -> list[str]:
    return [line for line in rig.bot.lines if words in line]


@pytest.mark.databases("sqlite")
async def test_half_sent_requests_keep_nobody_waiting_and_write_no_log(own_rig: Rig) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, FLOOD * 3)), hard))
    limited_bot = f"ulimit -n {DESCRIPTORS}; exec {sys.executable} -m bot"
    own_rig.bot = BotProcess(("sh", "-c", limited_bot), own_rig.variables, folder=ROOT)
    await own_rig.bot.start()

    async def is_online() -> bool:
        return bool(lines(own_rig, "Ready as"))

    await until(is_online)
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    lines_before = len(own_rig.bot.lines)
    flood = list[asyncio.StreamWriter]()
    descriptors = list[int]()
    assert own_rig.bot.pid is not None
    for number in range(FLOOD):
        _, writer = await asyncio.open_connection("127.0.0.1", own_rig.web_port)
        writer.write(HALF)
        flood.append(writer)
        if number % 100 == 0:
            descriptors.append(descriptors_of(own_rig.bot.pid))
    exchanges = [await town.mia.slash("gift", gift="Petal", creator=town.noor.user) for _ in range(20)]
    answers = [await exchange.message(timeout=20) for exchange in exchanges]
    status = await health(own_rig)
    for writer in flood:
        writer.close()
    code = await own_rig.stop_bot()

    # A quarter is for clients like these. The rest is for overlays and, above all, for the answers to members.
    assert max(descriptors) < DESCRIPTORS // 2
    assert all("Receipt #" in answer.text for answer in answers)
    assert status == 200
    assert len(own_rig.bot.lines) - lines_before < 20
    assert code == 0


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", 400),
        (b"Content-Encoding: deflate\r\nContent-Length: 4\r\n\r\nnope", 400),
        (b"Content-Encoding: br\r\nContent-Length: 4\r\n\r\nnope", 400),
        (b"Content-Length: 70000\r\n\r\n" + b"x" * 70_000, 413),
        (b"Content-Length: -1\r\n\r\n", 400),
        (b"Transfer-Encoding: chunked\r\n\r\nnope\r\n", 400),
        (b"Content-Length: 4\r\n\r\nnope", 400),
    ],
    ids=["gzip", "deflate", "brotli", "too long", "length below zero", "chunks", "no signature"],
)
async def test_a_body_that_cannot_be_read_is_refused_and_no_fault_of_ours(
    rig: Rig, town: Town, request_: bytes, status: int
) -> None:
    del town
    count_before = len(lines(rig, "Traceback"))
    answer = await rig.talk(b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\n" + request_)

    assert answer.split()[1] == b"%d" % status, answer[:200]
    assert len(lines(rig, "Traceback")) == count_before


@pytest.mark.databases("sqlite")
async def test_refused_webhooks_are_one_line_whatever_is_wrong_with_them(own_rig: Rig) -> None:
    await own_rig.start_bot()
    for number in range(50):
        async with own_rig.http.post(
            f"http://127.0.0.1:{own_rig.web_port}/webhooks/sandbox",
            data=b"{}",
            headers={"Rosette-Signature": f"t={number},v1=00"} if number % 2 else {},
        ) as answer:
            assert answer.status == 400
    await own_rig.stop_bot()

    assert len(lines(own_rig, "A webhook was refused")) == 1


@pytest.mark.databases("sqlite")
async def test_a_half_sent_request_is_cut_off(rig: Rig, town: Town) -> None:
    del town
    requests = (HALF, HALF + b"\r\nhalf a body", b"")

    assert await asyncio.gather(*map(rig.talk, requests)) == [b""] * len(requests)
