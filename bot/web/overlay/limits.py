"""How often pages of overlays may do what costs something."""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from bot.web.door import is_near

HELLOS: Final = 10
PER_S: Final = 60.0
"""In so many seconds, pages of one address may introduce themselves so often."""
MOST_ADDRESSES: Final = 10_000


class Allowance:
    """Allows `most` of something in every `within_s` seconds. `clock` counts seconds."""

    def __init__(self, most: int, within_s: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._within_s = within_s
        self._clock = clock
        self._times: deque[float] = deque()

    def takes(self) -> bool:
        """Whether one more is allowed now. If so, it counts."""
        now = self._clock()
        while self._times and self._times[0] <= now - self._within_s:
            self._times.popleft()
        if len(self._times) >= self._most:
            return False
        self._times.append(now)
        return True


class HelloLimit:
    """Limits the hellos of each address. Behind a proxy all pages have the proxy's, so the local network is exempt."""

    def __init__(self, clock: Callable[[], float], is_exempt: Callable[[str], bool] = is_near) -> None:
        self._clock = clock
        self._is_exempt = is_exempt
        self._allowances: OrderedDict[str, Allowance] = OrderedDict()

    def admits(self, address: str) -> bool:
        """Whether a page of an address may introduce itself now."""
        if self._is_exempt(address):
            return True
        allowance = self._allowances.setdefault(address, Allowance(HELLOS, PER_S, self._clock))
        self._allowances.move_to_end(address)
        if len(self._allowances) > MOST_ADDRESSES:
            self._allowances.popitem(last=False)
        return allowance.takes()
