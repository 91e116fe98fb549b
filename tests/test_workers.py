"""Background work goes on after any failure, and ends when it is told to."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable

import pytest

from bot.workers import Worker

PATIENCE_S = 60.0
SELDOM_S = 3_600.0


async def until(holds: Callable[[], bool]) -> None:
    """Wait until `holds` returns true. Fail after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        await asyncio.sleep(0.005)


class Job:
    """Counts its calls, and fails or waits as the test has set it up."""

    def __init__(self) -> None:
        self.calls = 0
        self.failures: list[BaseException] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.was_cancelled = False
        self.cleanups = 0

    async def work(self) -> None:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise

    async def clean(self) -> None:
        self.cleanups += 1


@pytest.fixture
def job() -> Job:
    return Job()


@pytest.fixture
async def worker(job: Job) -> AsyncIterator[Worker]:
    worker = Worker("a job", job.work, interval_s=SELDOM_S, cleanup=job.clean)
    worker.start()
    yield worker
    await worker.stop()


async def busy(job: Job, worker: Worker) -> None:
    """Wait until the second call of `work` is under way."""
    await until(lambda: job.calls == 1)
    job.gate.clear()
    worker.wake()
    await until(lambda: job.calls == 2)


async def test_work_is_called_at_once_and_then_rests(job, worker):
    await until(lambda: job.calls == 1)

    for _ in range(20):
        await asyncio.sleep(0)

    assert job.calls == 1


async def test_work_is_called_when_woken(job, worker):
    await until(lambda: job.calls == 1)

    worker.wake()

    await until(lambda: job.calls == 2)


async def test_a_wake_in_the_middle_of_work_is_not_lost(job, worker):
    await busy(job, worker)

    worker.wake()
    worker.wake()
    job.gate.set()

    await until(lambda: job.calls == 3)


async def test_work_is_called_at_the_latest_after_the_interval(job):
    worker = Worker("often", job.work, interval_s=0.001)
    worker.start()

    await until(lambda: job.calls >= 3)

    await worker.stop()


async def test_work_goes_on_after_any_failure_which_is_logged(caplog):
    failures = [ValueError("no"), TimeoutError(), OSError(), asyncio.CancelledError()]
    jobs = [Job() for _ in failures]
    workers = [Worker(f"job {n}", job.work, interval_s=SELDOM_S) for n, job in enumerate(jobs)]

    with caplog.at_level(logging.ERROR):
        for job, failure, worker in zip(jobs, failures, workers, strict=True):
            job.failures = [failure]
            worker.start()
        await until(lambda: all(job.calls == 2 for job in jobs))
    for worker in workers:
        await worker.stop()

    assert all(f"job {n} failed" in caplog.text for n in range(len(jobs)))


async def test_stopping_cancels_work_and_cleans_up_once_it_is_over(job, worker):
    await busy(job, worker)

    await worker.stop()

    assert job.was_cancelled
    assert job.cleanups == 1


async def test_a_worker_that_rests_after_a_failure_stops_at_once(job):
    job.failures = [ValueError("no")]
    worker = Worker("a job", job.work, interval_s=SELDOM_S)
    worker.start()
    await until(lambda: not job.failures)

    await worker.stop()

    assert job.calls == 1


async def test_a_stopped_worker_is_not_woken(job, worker):
    await until(lambda: job.calls == 1)
    await worker.stop()

    worker.wake()
    await asyncio.sleep(0)

    assert job.calls == 1


async def test_what_was_never_started_only_cleans_up(job):
    await Worker("a job", job.work, interval_s=SELDOM_S, cleanup=job.clean).stop()

    assert (job.calls, job.cleanups) == (0, 1)
