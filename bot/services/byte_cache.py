"""A cache of files by how many bytes they have together."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class ByteCache(Generic[K]):
    """Keeps up to `most_bytes` of contents, and drops the least recently used first."""

    def __init__(self, most_bytes: int) -> None:
        self._contents: OrderedDict[K, bytes] = OrderedDict()
        self._most_bytes = most_bytes
        self._free_bytes = most_bytes

    def get(self, key: K) -> bytes | None:
        """Return the content kept under `key`, None if there is none."""
        content = self._contents.get(key)
        if content is not None:
            self._contents.move_to_end(key)
        return content

    def keep(self, key: K, content: bytes) -> None:
        """Keep a content, unless it alone is larger than the cache."""
        self._free_bytes += len(self._contents.pop(key, b""))
        if len(content) > self._most_bytes:
            return
        self._contents[key] = content
        self._free_bytes -= len(content)
        while self._free_bytes < 0:
            _, oldest = self._contents.popitem(last=False)
            self._free_bytes += len(oldest)
