"""Finds the handler of a request in a tree of path segments, so that the lookup costs the same for any route."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from sandbox.discord.errors import ApiError, method_not_allowed, not_found
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.problems import Problems, invalid
from sandbox.discord.world import World

MAX_SNOWFLAKE: Final = (1 << 63) - 1


@dataclass(slots=True, frozen=True)
class Upload:
    """A file from a multipart form. `index` is the n of its field `files[n]`."""

    index: int
    filename: str
    content_type: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One request to a handler. `ids` are the snowflakes in its path by name, `texts` the other path variables."""

    world: World
    base_url: str
    ids: dict[str, int]
    texts: dict[str, str]
    query: dict[str, str]
    body: Wire = None
    files: list[Upload] = field(default_factory=list[Upload])
    reason: str | None = None

    @property
    def form(self) -> JSON:
        """The body as a JSON object, empty if there is no body; raises 50035 for anything else."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise invalid((), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return cast("JSON", self.body)

    @property
    def items(self) -> list[JSON]:
        """The body as a JSON list; raises 50035 for anything else."""
        if not isinstance(self.body, list):
            raise invalid((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return cast("list[JSON]", self.body)

    def number(self, name: str, default: int = 0, low: int = 0, high: int = MAX_SNOWFLAKE) -> int:
        """Return a number from the query; raises 50035 if it is not a number or out of range."""
        text = self.query.get(name)
        if text is None:
            return default
        if not text.isdecimal():
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not an integer.')
        problems = Problems()
        problems.number(int(text), (name,), low, high)
        problems.raise_if_any()
        return int(text)

    def flag(self, name: str) -> bool:
        """Return a boolean from the query."""
        return self.query.get(name, "").lower() in ("1", "true")


@dataclass(slots=True, frozen=True)
class Answer:
    """What a handler returns; `NO_CONTENT` is the answer without a body (204)."""

    body: Wire = None
    status: int = 200


Handler = Callable[[Call], Answer]


@dataclass(slots=True, frozen=True)
class Route:
    """A method on a path. `bucket` names its rate limit (None: unlimited); an `anonymous` route needs no bot token."""

    method: str
    template: str
    handler: Handler
    bucket: str | None
    anonymous: bool
    variables: tuple[tuple[int, str], ...]


class _Node:
    __slots__ = ("children", "routes", "variable")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.variable: _Node | None = None
        self.routes: dict[str, Route] = {}


_TEXT_VARIABLES: Final = frozenset({"token", "emoji"})


class Router:
    """Routes by method and path, below `/api/v10`."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(
        self,
        method: str,
        template: str,
        handler: Handler,
        *,
        bucket: str | None = "default",
        anonymous: bool = False,
    ) -> None:
        """Register a handler for a method on a path template such as `/channels/{channel_id}/messages`."""
        node, variables = self._root, list[tuple[int, str]]()
        for place, segment in enumerate(template.strip("/").split("/")):
            if segment.startswith("{"):
                variables.append((place, segment[1:-1]))
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.children.setdefault(segment, _Node())
        node.routes[method] = Route(method, template, handler, bucket, anonymous, tuple(variables))

    def find(self, method: str, segments: list[str]) -> Route:
        """Return the route of a request; raises Discord's 404 or 405."""
        node = self._walk(self._root, segments, 0)
        if node is None:
            raise not_found()
        route = node.routes.get(method)
        if route is None:
            raise method_not_allowed()
        return route

    def _walk(self, node: _Node, segments: list[str], place: int) -> _Node | None:
        if place == len(segments):
            return node if node.routes else None
        child = node.children.get(segments[place])
        if child is not None and (leaf := self._walk(child, segments, place + 1)) is not None:
            return leaf
        return None if node.variable is None else self._walk(node.variable, segments, place + 1)


def variables_of(route: Route, segments: list[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Return the variables of a path as ids and texts; raises 50035 for an id that is not a snowflake."""
    ids, texts = dict[str, int](), dict[str, str]()
    for place, name in route.variables:
        value = segments[place]
        if name in _TEXT_VARIABLES:
            texts[name] = value
        elif value.isdecimal() and len(value) <= 20:
            ids[name] = int(value)
        else:
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return ids, texts


def snowflake(value: object, *where: str | int) -> int:
    """Return an id from a body; raises 50035 if it is not a snowflake."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    raise invalid(where, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


NO_CONTENT: Final = Answer(None, 204)

__all__ = ["NO_CONTENT", "Answer", "ApiError", "Call", "Handler", "Route", "Router", "Upload", "snowflake"]
