"""Discord's CDN: message attachments and avatars, at the same paths as on Discord's own CDN."""

import asyncio
from typing import Final

from aiohttp import web

from sandbox.discord.faces import FORMATS, ORIGINAL, face
from sandbox.discord.world import World

ROOT: Final = "/cdn"
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_DEFAULTS: Final = 6


class Cdn:
    """Serves a world's pictures and files below `/cdn`, which replaces `https://cdn.discordapp.com`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self, app: web.Application) -> None:
        """Mount the CDN on an application."""
        for folder in ("attachments", "ephemeral-attachments"):
            app.router.add_get(f"{ROOT}/{folder}/{{channel}}/{{attachment}}/{{filename}}", self._file)
        app.router.add_get(ROOT + "/avatars/{owner}/{hash}.{ending}", self._avatar)
        app.router.add_get(ROOT + "/embed/avatars/{number}.png", self._default)

    async def _file(self, request: web.Request) -> web.Response:
        attachment = self._world.files.get(_number(request, "attachment"))
        if attachment is None or attachment.filename != request.match_info["filename"]:
            raise web.HTTPNotFound
        return web.Response(body=attachment.data, headers={"Content-Type": attachment.content_type})

    async def _avatar(self, request: web.Request) -> web.Response:
        """Serve the avatar of a user. Webhooks have none of their own in this world and get a 404."""
        owner = _number(request, "owner")
        user, ending = self._world.users.get(owner), request.match_info["ending"]
        if user is None or user.avatar is None or user.avatar != request.match_info["hash"]:
            raise web.HTTPNotFound
        if ending not in FORMATS:
            raise web.HTTPUnsupportedMediaType
        return await _picture(request, owner, ending)

    async def _default(self, request: web.Request) -> web.Response:
        number = _number(request, "number")
        if number >= _DEFAULTS:
            raise web.HTTPNotFound
        return await _picture(request, number, "png")


def _number(request: web.Request, name: str) -> int:
    text = request.match_info[name]
    return int(text) if text.isdecimal() else 0


async def _picture(request: web.Request, seed: int, ending: str) -> web.Response:
    size = request.query.get("size", "")
    # In a thread: a page asks for a whole crowd of faces at once, and the gateway must not wait for them.
    width = int(size) if size.isdecimal() and len(size) < 5 else ORIGINAL
    body = await asyncio.to_thread(face, seed, width, ending)
    kind = "image/jpeg" if ending == "jpg" else f"image/{ending}"
    return web.Response(body=body, content_type=kind, headers=_FOR_EVER)
