"""Checks requests and answers against Discord's published OpenAPI description.

Known mistakes of the description are worked around before a body is checked, so that no error has to be ignored
afterwards: permissions may be sent as text and ids as numbers (discord.py does), and consumable purchases exist.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from sandbox.discord.state.core import RequestRecord
from sandbox.discord.world import World

ROOT = "urn:discord"
PERMISSION_KEYS = {"default_member_permissions", "permissions", "allow", "deny"}
SUBSCRIPTION = 8


class OpenApi:
    """The description, ready to check against. Problems are returned as sentences; an empty list means none."""

    def __init__(self, path: Path) -> None:
        document = json.loads(path.read_text())
        self._paths: dict[str, dict[str, Any]] = document["paths"]
        self._components: dict[str, Any] = document["components"]
        self._registry = jsonschema_rs.Registry([(ROOT, document)], draft=jsonschema_rs.Draft202012)
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._templates = [(template, template.strip("/").split("/")) for template in self._paths]

    def check_request(self, method: str, path: str, body: Any) -> list[str]:
        """Return what is wrong with the body of a request to `path` (below /api/v10)."""
        template = self.find(path)
        operation = self._paths.get(template or "", {}).get(method.lower())
        if operation is None:
            return [] if known_gap(method, path) else [f"{method} {path}: Discord has no such operation"]
        if "requestBody" not in operation or body is None:
            return []
        place = ["paths", template or "", method.lower(), "requestBody", "content", "application/json", "schema"]
        return self._problems(f"{method} {template}", place, mended_request(body))

    def check_response(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with an answer. Server errors (500 and above) have no prescribed shape."""
        template = self.find(path)
        operation = self._paths.get(template or "", {}).get(method.lower())
        if operation is None or template is None or status >= 500:
            return []
        label = f"{method} {template} -> {status}"
        key, answer = self._answer(operation, status)
        if answer is None:
            return [f"{label}: Discord does not answer so"]
        if "content" not in answer:
            return [] if body is None else [f"{label}: Discord sends no body"]
        if body is None:
            return [f"{label}: the body is missing"]
        place = [*key, "content", "application/json", "schema"]
        if key[0] == "responses":
            place = ["paths", template, method.lower(), *place]
        return self._problems(label, place, mended_response(template, body))

    def check_all(self, world: World) -> list[str]:
        """Return what is wrong with the requests that the bot sent to a world, and with the answers."""
        return [problem for record in world.requests for problem in self.check_record(record)]

    def check_record(self, record: RequestRecord) -> list[str]:
        """Return what is wrong with a request, if Discord accepted it, and with its answer."""
        problems = self.check_response(record.method, record.path, record.status, record.response)
        if record.status < 400:
            problems += self.check_request(record.method, record.path, record.body)
        return problems

    def check_responses(self, world: World) -> list[str]:
        """Return what is wrong with a world's answers."""
        answers = [(answer.method, answer.path, answer.status, answer.response) for answer in world.requests]
        return [problem for answer in answers for problem in self.check_response(*answer)]

    def check_requests(self, world: World) -> list[str]:
        """Return what is wrong with the bot's requests, accepted or refused."""
        return [
            problem
            for record in world.requests
            for problem in self.check_request(record.method, record.path, record.body)
        ]

    def find(self, path: str) -> str | None:
        """Return the template of a path, the one with the most literal segments."""
        segments = path.strip("/").split("/")
        candidates = [
            (sum(not part.startswith("{") for part in parts), template)
            for template, parts in self._templates
            if len(parts) == len(segments)
            and all(part.startswith("{") or part == segment for part, segment in zip(parts, segments, strict=True))
        ]
        return max(candidates)[1] if candidates else None

    def _answer(self, operation: dict[str, Any], status: int) -> tuple[list[str], Any]:
        for key in (str(status), f"{status // 100}XX"):
            answer = operation["responses"].get(key)
            if answer is not None:
                if "$ref" in answer:
                    name = answer["$ref"].rsplit("/", 1)[-1]
                    return ["components", "responses", name], self._components["responses"][name]
                return ["responses", key], answer
        return [], None

    def _problems(self, label: str, place: Sequence[str], body: Any) -> list[str]:
        pointer = "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in place)
        validator = self._validators.get(pointer)
        if validator is None:
            schema = {"$ref": f"{ROOT}#/{quote(pointer)}"}
            validator = jsonschema_rs.Draft202012Validator(schema, registry=self._registry)
            self._validators[pointer] = validator
        return [f"{label}: {sentence(error)}" for error in validator.iter_errors(body)]


def sentence(error: jsonschema_rs.ValidationError) -> str:
    """Return the deepest cause of an error, with its place in the body."""
    deepest = max(causes(error), key=lambda cause: len(cause.instance_path))
    place = "/".join(map(str, deepest.instance_path)) or "the body"
    return f"{place}: {deepest.message[:300]}"


def causes(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """Return an error, and why the body matches none of its alternatives if it may be one of several."""
    alternatives: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", [])
    return [error, *(cause for alternative in alternatives for inner in alternative for cause in causes(inner))]


def known_gap(method: str, path: str) -> bool:
    """Return whether an operation is documented by Discord but missing from its description."""
    return method == "GET" and path.startswith("/applications/") and path.endswith("/skus")


def mended_request(body: Any) -> Any:
    """Return a request's body with permissions as numbers and ids as text. Discord accepts either form."""
    if isinstance(body, list):
        return [mended_request(item) for item in body]
    if not isinstance(body, dict):
        return body
    request = {key: mended_request(value) for key, value in body.items()}
    for key in PERMISSION_KEYS & request.keys():
        if isinstance(request[key], str) and request[key].isdecimal():
            request[key] = int(request[key])
    for key, value in request.items():
        if key.endswith("_id") and isinstance(value, int):
            request[key] = str(value)
    mentions = request.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in mentions:
            mentions[kind] = [str(item) for item in mentions[kind]]
    emoji = request.get("emoji") or {}
    emojis = [emoji] if emoji.get("id") else []
    for reference in (*(request.get("attachments") or ()), *(request.get("default_values") or ()), *emojis):
        reference["id"] = str(reference["id"])
    return request


def mended_response(template: str, body: Any) -> Any:
    """Return an answer whose purchases have the only type that the description knows, without the details of errors.

    The description wants numbers for the codes inside `errors`; Discord's documentation and servers have names.
    """
    if isinstance(body, dict) and "errors" in body:
        return {key: value for key, value in body.items() if key != "errors"}
    if "/entitlements" not in template:
        return body
    if isinstance(body, list):
        return [mended_response(template, item) for item in body]
    return {**body, "type": SUBSCRIPTION} if "sku_id" in body else body
