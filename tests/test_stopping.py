"""The longest time that a stop may take."""

import asyncio
import logging

import pytest

from bot.exit_codes import Exit
from bot.stopping import end_at_last
from tests.rig import until


async def test_a_stop_that_hangs_is_given_up_and_says_on_what(caplog: pytest.LogCaptureFixture):
    codes: list[int] = []
    hanging = asyncio.create_task(asyncio.Event().wait(), name="a disk that hangs")
    end_at_last(None, limit_s=0.01, end=codes.append)

    async def is_given_up() -> bool:
        return bool(codes)

    await until(is_given_up)
    hanging.cancel()

    assert codes == [Exit.FAILED]
    (line,) = [record.getMessage() for record in caplog.records if record.levelno == logging.CRITICAL]
    assert "Unfinished: " in line
    assert "a disk that hangs" in line
