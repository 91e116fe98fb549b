"""Deliberate faults: rules that make a server answer with an error, late, or not at all."""

import asyncio
import re
from dataclasses import dataclass, field
from enum import Enum

import orjson
from aiohttp import web

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import JSON


class Moment(Enum):
    """When a fault strikes: instead of the requested work, or after it is done."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class Fault:
    """One rule. `times` counts down; None means forever. `delay` is in seconds of real time."""

    method: str
    path: re.Pattern[str]
    times: int | None = 1
    moment: Moment = Moment.BEFORE
    status: int | None = None
    body: JSON | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    drop: bool = False
    struck: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Return whether the rule applies to a request, and count it if so."""
        if self.times == 0 or self.method not in ("*", method) or not self.path.search(path):
            return False
        if self.times is not None:
            self.times -= 1
        self.struck += 1
        return True


class Faults:
    """The rules in force, oldest first. Paths are matched with `re.search`, without their `/api/v10`."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._rules)

    def answer(
        self,
        method: str,
        path: str,
        status: int,
        *,
        code: int | None = None,
        body: JSON | None = None,
        times: int | None = 1,
        after: bool = False,
    ) -> Fault:
        """Answer with a status. With `after` the work is done first ("created, then 502"); a `code` sets the body."""
        if body is None and code is not None:
            body = ApiError(code).to_json()
        return self._add(Fault(method, re.compile(path), times, Moment.AFTER if after else Moment.BEFORE, status, body))

    def rate_limit(
        self,
        method: str,
        path: str,
        *,
        retry_after: float,
        everywhere: bool = False,
        scope: str = "user",
        via: bool = True,
        times: int | None = 1,
    ) -> Fault:
        """Answer 429. `everywhere` makes it the global limit; without `via` it looks like a ban by Cloudflare."""
        headers = {"Retry-After": str(max(1, round(retry_after)))}
        if via:
            headers["Via"] = "1.1 google"
            headers["X-RateLimit-Scope"] = "global" if everywhere else scope
        if everywhere:
            headers["X-RateLimit-Global"] = "true"
        body: JSON = {
            "message": "You are being rate limited.",
            "code": 0,
            "retry_after": retry_after,
            "global": everywhere,
        }
        return self._add(Fault(method, re.compile(path), times, Moment.BEFORE, 429, body, headers))

    def drop(self, method: str, path: str, *, times: int | None = 1, after: bool = False) -> Fault:
        """Cut the connection instead of answering, before or after the work is done."""
        moment = Moment.AFTER if after else Moment.BEFORE
        return self._add(Fault(method, re.compile(path), times, moment, drop=True))

    def delay(self, method: str, path: str, seconds: float, *, times: int | None = 1, after: bool = False) -> Fault:
        """Answer late. With `after` the work is done at once and only the answer is late."""
        moment = Moment.AFTER if after else Moment.BEFORE
        return self._add(Fault(method, re.compile(path), times, moment, delay=seconds))

    def clear(self) -> None:
        self._rules.clear()

    def end(self, rule: Fault) -> None:
        """Remove one rule, if it is still in force."""
        if rule in self._rules:
            self._rules.remove(rule)

    def find(self, method: str, path: str) -> Fault | None:
        """Return the first rule that applies to a request, and count the request against it."""
        for rule in self._rules:
            if rule.strikes(method, path):
                if rule.times == 0:
                    self._rules.remove(rule)
                return rule
        return None

    def _add(self, rule: Fault) -> Fault:
        self._rules.append(rule)
        return rule


async def strike(fault: Fault, request: web.Request) -> web.Response | None:
    """Carry out a fault. None means that the request continues."""
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.drop:
        if request.transport is not None:
            request.transport.abort()
        raise asyncio.CancelledError
    if fault.status is None:
        return None
    headers = {**fault.headers, "Content-Type": "application/json"}
    body = fault.body if fault.body is not None else {"message": f"{fault.status}: Trouble", "code": 0}
    return web.Response(status=fault.status, body=orjson.dumps(body), headers=headers)
