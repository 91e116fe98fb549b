"""Uploaded files: stored within a byte limit, named and measured as Discord's CDN does."""

import re
import struct
from typing import Final

from sandbox.discord.model import Attachment

_CDN: Final = "https://cdn.discordapp.com"
"""Discord's own; a bot that is pointed at this world's CDN finds the same paths there."""
KEEP_BYTES: Final = 128 * 1024 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_GIFS: Final = (b"GIF87a", b"GIF89a")


class Files:
    """The CDN's store. When it is full, the oldest files are dropped first."""

    def __init__(self) -> None:
        self._files: dict[int, Attachment] = {}
        self._bytes = 0

    def add(self, attachment: Attachment) -> None:
        """Store a file and drop the oldest ones beyond KEEP_BYTES."""
        self._files[attachment.id] = attachment
        self._bytes += attachment.size
        while self._bytes > KEEP_BYTES and len(self._files) > 1:
            oldest = self._files.pop(next(iter(self._files)))
            self._bytes -= oldest.size
            oldest.data = b""  # its message may still exist

    def upload(self, number: int, channel_id: int, filename: str, content_type: str, data: bytes) -> Attachment:
        """Store a file that a person's client uploads before it sends it, for an option of a command."""
        name = safe_name(filename)
        url = f"{_CDN}/ephemeral-attachments/{channel_id}/{number}/{name}"
        size = image_size(data) or (None, None)
        attachment = Attachment(number, name, data, url, content_type, None, True, *size)
        self.add(attachment)
        return attachment

    def get(self, attachment_id: int) -> Attachment | None:
        """Return a file, or None if it was dropped."""
        return self._files.get(attachment_id)


def safe_name(filename: str) -> str:
    """Return a filename as Discord stores it: no path, underscores for spaces, only plain characters."""
    plain = re.sub(r"[^\w.\-]", "", filename.replace("\\", "/").rsplit("/", 1)[-1].replace(" ", "_"))
    return plain or "unknown"


def image_size(data: bytes) -> tuple[int, int] | None:
    """Return the width and height in pixels of a PNG or GIF, None for anything else."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(_GIFS) and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    return None
