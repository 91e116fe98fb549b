"""Files that the page uploads for an option of a command, before the command is sent."""

from typing import Final

from aiohttp import web

from sandbox.discord.limits.messages import MAX_FILE_BYTES
from sandbox.discord.world import World
from sandbox.page.bridge import check_own_page

PATH: Final = "/upload"


class Uploads:
    """Takes files into a world's CDN."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.Response:
        """Store the body of a request, a file named in its query; answer with the id by which an option names it."""
        check_own_page(request)
        data = await request.content.read(MAX_FILE_BYTES + 1)
        while len(data) <= MAX_FILE_BYTES and (more := await request.content.read(MAX_FILE_BYTES + 1 - len(data))):
            data += more
        if len(data) > MAX_FILE_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_FILE_BYTES, len(data))
        channel_id = int(request.query["channel"])
        number, name = self._world.new_id(), request.query["name"]
        attachment = self._world.files.upload(number, channel_id, name, request.content_type, data)
        return web.json_response({"id": str(attachment.id), "filename": attachment.filename})
