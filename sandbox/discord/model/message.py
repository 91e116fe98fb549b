"""Messages with their attachments and reactions."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from sandbox.discord.ids import iso, iso_or_none
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.model.guild import Member
from sandbox.discord.model.user import User

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_EMBEDS = 1 << 2
COMPONENTS_V2 = 1 << 15
HAS_THREAD = 1 << 5
DEFAULT, PIN_NOTICE, THREAD_NOTICE, REPLY, SLASH, THREAD_STARTER, MENU = 0, 6, 18, 19, 20, 21, 23
"""Message types. Notices (pinned, thread started) are created by Discord itself."""

_QUOTING = frozenset({REPLY, THREAD_STARTER, MENU})


@dataclass(slots=True, eq=False)
class Attachment:
    """A file. The CDN serves it at `url`; `data` is empty once the CDN has dropped it."""

    id: int
    filename: str
    data: bytes
    url: str
    content_type: str
    description: str | None = None
    ephemeral: bool = False
    width: int | None = None
    height: int | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.data)

    def to_json(self) -> JSON:
        result: JSON = {
            "id": str(self.id),
            "filename": self.filename,
            "size": self.size,
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.description:
            result["description"] = self.description
        if self.ephemeral:
            result["ephemeral"] = True
        if self.width is not None and self.height is not None:
            result["width"], result["height"] = self.width, self.height
        return result


@dataclass(slots=True, eq=False)
class Reaction:
    """One emoji under a message and the users who reacted with it."""

    emoji_id: int | None
    name: str
    users: list[int] = field(default_factory=list[int])

    def to_json(self, viewer_id: int) -> JSON:
        """Return Discord's reaction object for one viewer (`me`)."""
        return {
            "emoji": self.emoji_json(),
            "count": len(self.users),
            "count_details": {"burst": 0, "normal": len(self.users)},
            "burst_colors": [],
            "me_burst": False,
            "burst_me": False,
            "me": viewer_id in self.users,
            "burst_count": 0,
        }

    def emoji_json(self) -> JSON:
        return {"id": None if self.emoji_id is None else str(self.emoji_id), "name": self.name}


@dataclass(slots=True, eq=False)
class Message:
    """A message. `ephemeral_for` is the only user who sees it, if set; `allowed_mentions` is stored as it was sent."""

    id: int
    channel_id: int
    guild_id: int | None
    author: User
    created: float
    content: str = ""
    member: Member | None = None
    type: int = 0
    embeds: list[JSON] = field(default_factory=list[JSON])
    components: list[JSON] = field(default_factory=list[JSON])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    flags: int = 0
    ephemeral_for: int | None = None
    mentions: list[User] = field(default_factory=list[User])
    mention_roles: list[int] = field(default_factory=list[int])
    mention_everyone: bool = False
    allowed_mentions: JSON | None = None
    nonce: str | int | None = None
    edited: float | None = None
    tts: bool = False
    deleted: bool = False
    webhook_id: int | None = None
    application_id: int | None = None
    interaction: JSON | None = None
    interaction_metadata: JSON | None = None
    pinned_at: float | None = None
    reference: JSON | None = None
    referenced: "Message | None" = None
    reactions: list[Reaction] = field(default_factory=list[Reaction])
    late_edits: int = 0
    _waiters: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]], repr=False)

    @property
    def text(self) -> str:
        """All readable text: content, embeds, text displays and labels of components."""
        return "\n".join(part for part in _readable(self) if part)

    @property
    def pinned(self) -> bool:
        """Whether it is pinned in its channel."""
        return self.pinned_at is not None

    @property
    def is_notice(self) -> bool:
        """Whether Discord itself created it, so that it cannot be answered, edited or pinned."""
        return self.type in (PIN_NOTICE, THREAD_NOTICE, THREAD_STARTER)

    def as_reference(self) -> JSON:
        """Return the `message_reference` of a message that points at this one."""
        result: JSON = {"type": 0, "message_id": str(self.id), "channel_id": str(self.channel_id)}
        if self.guild_id is not None:
            result["guild_id"] = str(self.guild_id)
        return result

    def refer_to(self, message: "Message", kind: int) -> None:
        """Give this message a type that quotes another message, and quote that."""
        self.type, self.referenced, self.reference = kind, message, message.as_reference()

    @property
    def loading(self) -> bool:
        """Whether it is still the "thinking …" of a deferred answer."""
        return bool(self.flags & LOADING)

    @property
    def loose_attachments(self) -> list[Attachment]:
        """The attachments that no embed or component shows. Only these are listed in Discord's JSON."""
        if not self.attachments or not (self.embeds or self.components):
            return self.attachments
        parts = orjson.dumps([self.embeds, self.components])
        return [attachment for attachment in self.attachments if attachment.url.encode() not in parts]

    def to_json(self, viewer_id: int) -> JSON:
        """Return Discord's message object for one viewer (for `me` in reactions)."""
        result = self._basic_json()
        if self.reactions:
            result["reactions"] = [reaction.to_json(viewer_id) for reaction in self.reactions]
        if self.reference is not None:
            result["message_reference"] = self.reference
            if self.type in _QUOTING:
                referenced = self.referenced
                is_gone = referenced is None or referenced.deleted
                result["referenced_message"] = None if is_gone or referenced is None else referenced.nested_json()
        return result

    def nested_json(self) -> JSON:
        """Return the message as it appears in a message that quotes it."""
        return self._basic_json()

    def _basic_json(self) -> JSON:
        result: JSON = {
            "id": str(self.id),
            "type": self.type,
            "channel_id": str(self.channel_id),
            "author": self.author.to_json(),
            "content": self.content,
            "timestamp": iso(self.created),
            "edited_timestamp": iso_or_none(self.edited),
            "tts": self.tts,
            "mention_everyone": self.mention_everyone,
            "mentions": [user.to_json() for user in self.mentions],
            "mention_roles": [str(role_id) for role_id in self.mention_roles],
            "attachments": [attachment.to_json() for attachment in self.loose_attachments],
            "embeds": self.embeds,
            "pinned": self.pinned,
            "flags": self.flags,
            "components": self.components,
        }
        for key, value in (
            ("interaction", self.interaction),
            ("interaction_metadata", self.interaction_metadata),
            ("nonce", self.nonce),
        ):
            if value is not None:
                result[key] = value
        if self.webhook_id is not None:
            result["webhook_id"] = str(self.webhook_id)
        if self.application_id is not None:
            result["application_id"] = str(self.application_id)
        return result

    def event_json(self, viewer_id: int) -> JSON:
        """Return the message as the gateway sends it: with guild and member, unless it is ephemeral."""
        result = self.to_json(viewer_id)
        if self.guild_id is not None and self.ephemeral_for is None:
            result["guild_id"] = str(self.guild_id)
            if self.member is not None:
                result["member"] = self.member.partial_json()
        return result

    def wake(self) -> None:
        """Wake everyone who waits in `changed`."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def changed(self) -> asyncio.Future[None]:
        """Return a future that is done at the next change."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        return waiter


def walk(components: list[JSON]) -> Iterator[JSON]:
    """Yield every component of a tree, parents first."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        for key in ("accessory", "component"):
            if child := component.get(key):
                yield from walk([child])


def _readable(message: Message) -> Iterator[str]:
    yield message.content
    for embed in message.embeds:
        yield from _embed_texts(embed)
    for component in walk(message.components):
        yield from _component_texts(component)


def _embed_texts(embed: JSON) -> Iterator[str]:
    yield embed.get("author", {}).get("name", "")
    yield embed.get("title", "")
    yield embed.get("description", "")
    for entry in embed.get("fields", ()):
        yield entry["name"]
        yield entry["value"]
    yield embed.get("footer", {}).get("text", "")


def _component_texts(component: JSON) -> Iterator[str]:
    kind: Wire = component.get("type")
    if kind == 10:
        yield component["content"]
    elif kind == 12:
        for item in component["items"]:
            yield item.get("description") or ""
    elif kind == 2:
        yield component.get("label") or ""
