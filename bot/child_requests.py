"""A child process that answers requests, one at a time: its own side. `bot.child_process` is its parent's.

A request is a length of four bytes and its content. An answer is a byte for its outcome, a length and its content.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO

LENGTH = 4
"""Bytes of a length."""


def answer_requests(answer: Callable[[bytes], tuple[int, bytes]], *, limit_s: int) -> None:
    """Answer requests until the parent closes the pipe, or ends. Each may take `limit_s` seconds.

    `answer` returns an outcome from 0 to 255, and a content.
    """
    # A service manager may send both to all processes, and the parent may still want answers while it shuts down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Whatever prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while (request := _read(sys.stdin.buffer)) is not None:
            # What hangs ends the process, even if nobody is left who could.
            signal.alarm(limit_s)
            outcome, content = answer(request)
            signal.alarm(0)
            answers.write(bytes([outcome]) + len(content).to_bytes(LENGTH, "big") + content)
            answers.flush()
    except (BrokenPipeError, ConnectionResetError):
        # The parent has ended, and the pipe must not be flushed again.
        os._exit(0)


def _read(requests: BinaryIO) -> bytes | None:
    """Return the next request, None at the end of the stream, even in the middle of a request."""
    head = requests.read(LENGTH)
    size = int.from_bytes(head, "big")
    body = requests.read(size)
    return body if len(head) == LENGTH and len(body) == size else None
