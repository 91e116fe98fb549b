"""Discord's error responses: an HTTP status, a code, a message and, for forms, the location of each mistake.

Codes and messages: Discord's documentation, "Opcodes and Status Codes".
"""

from typing import Final

from sandbox.discord.jsontypes import JSON

RETRY_SECONDS: Final = 1.0
"""The `retry_after` of a 429 that has its own error code. Discord does not publish the real numbers."""

_KNOWN: Final[dict[int, tuple[int, str]]] = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10029: (404, "Unknown Entitlement"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10066: (404, "Unknown application command permissions"),
    10067: (404, "Unknown Stage Instance"),
    10070: (404, "Unknown Guild Scheduled Event"),
    20016: (400, "This action cannot be performed due to slowmode rate limit."),
    20028: (429, "The channel you are writing has hit the write rate limit."),
    20012: (403, "You are not authorized to perform this action on this application"),
    30005: (400, "Maximum number of guild roles reached (250)"),
    30003: (400, "Maximum number of pins reached for the channel (250)"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    30038: (400, "Maximum number of uncompleted guild scheduled events reached (100)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40074: (400, "Entitlement has already been consumed"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50019: (400, "A message can only be pinned to the channel it was sent in"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50034: (400, "You can only bulk delete messages that are under 14 days old."),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    150006: (400, "The Stage is already open"),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    180000: (400, "Cannot update a finished event"),
    180002: (400, "Failed to create stage needed for stage event"),
    200000: (400, "Message was blocked by automatic moderation"),
    200001: (400, "Title was blocked by automatic moderation"),
}


class ApiError(Exception):
    """An error response, with `status`, `code`, `message` and nested `errors` as Discord sends them."""

    def __init__(
        self, code: int, *, message: str | None = None, status: int | None = None, errors: JSON | None = None
    ) -> None:
        known_status, known_message = _KNOWN.get(code, (400, "Bad Request"))
        self.status = known_status if status is None else status
        self.code = code
        self.message = known_message if message is None else message
        self.errors = errors
        super().__init__(f"{self.status} (error code: {code}): {self.message}")

    def to_json(self) -> JSON:
        body: JSON = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        if self.status == 429:
            body.update({"retry_after": RETRY_SECONDS, "global": False})
        return body


def not_found() -> ApiError:
    """Return the error for a path that Discord does not have."""
    return ApiError(0, status=404, message="404: Not Found")


def method_not_allowed() -> ApiError:
    """Return the error for an existing path that does not support the request's method."""
    return ApiError(0, status=405, message="405: Method Not Allowed")
