"""Stripe's error responses: an HTTP status, a type, often a code and the parameter that is wrong.

Types, codes and messages: Stripe's documentation, "Errors" and "Error codes".
"""

from sandbox.discord.jsontypes import JSON


class StripeError(Exception):
    """A refusal, in the form that the API answers with."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param

    def to_json(self) -> JSON:
        """Return the body of the response."""
        error: JSON = {"type": self.kind, "message": self.message}
        if self.code is not None:
            error |= {
                "code": self.code,
                "doc_url": f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}",
            }
        if self.param is not None:
            error["param"] = self.param
        return {"error": error}


def missing_resource(kind: str, object_id: str, param: str = "id", *, status: int = 404) -> StripeError:
    """Return the answer to an id that this account does not have."""
    return StripeError(f"No such {kind}: '{object_id}'", status=status, code="resource_missing", param=param)


def missing_parameter(name: str) -> StripeError:
    """Return the answer to a request without a parameter that is required."""
    return StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)


def not_expandable(path: str) -> StripeError:
    """Return the answer to an `expand` that names no reference."""
    return StripeError(f"This property cannot be expanded ({path}).", param="expand")


def no_key() -> StripeError:
    """Return the answer to a request without an API key."""
    return StripeError(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer "
        "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        status=401,
    )


def wrong_key(key: str) -> StripeError:
    """Return the answer to another API key than this account's. Like Stripe, it shows only the last four letters."""
    return StripeError(f"Invalid API Key provided: {'*' * max(len(key) - 4, 4)}{key[-4:]}", status=401)


def no_access(account_id: str) -> StripeError:
    """Return the answer to a `Stripe-Account` that is not connected to this platform."""
    return StripeError(
        f"The provided key does not have access to account '{account_id}' (or that account does not exist). "
        "Application access may have been revoked.",
        status=403,
        code="account_invalid",
    )
