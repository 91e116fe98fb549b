"""Requests to Stripe are checked by the types of its own client: nothing hides a parameter from them."""

import ast
import tomllib
from pathlib import Path

from tests.rig import ROOT

FILES = sorted((ROOT / "bot/payments/stripe").glob("*.py"))
HIDING = ("type: ignore", "pyright: ", "cast(", "TYPE_CHECKING")


def test_nothing_keeps_the_checker_from_looking():
    settings = tomllib.loads(Path(ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["basedpyright"]
    (shipped,) = [it for it in settings["executionEnvironments"] if it["root"] == "."]

    assert settings["typeCheckingMode"] == "strict"
    assert "bot" in settings["include"]
    assert {*shipped} == {"root"}
    assert not [name for name in settings.get("exclude", ()) if name.startswith("bot")]
    assert [(file.name, word) for file in FILES for word in HIDING if word in file.read_text(encoding="utf-8")] == []


def test_no_request_is_made_of_what_has_no_type():
    """Each call of the client gets literals and typed values; `**` or a plain dictionary would be checked by nobody."""
    calls = [
        call
        for file in FILES
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr.endswith("_async")
    ]

    assert len(calls) > 10
    for call in calls:
        assert not [keyword for keyword in call.keywords if keyword.arg is None], ast.unparse(call)
        assert not [argument for argument in call.args if isinstance(argument, ast.Starred)], ast.unparse(call)


def test_amounts_and_parameters_of_a_checkout_are_typed_by_stripe():
    source = (ROOT / "bot/payments/stripe/selling.py").read_text(encoding="utf-8")

    assert "-> SessionCreateParams:" in source
    assert "from stripe.params.checkout import" in source
    assert "dict[str, Any]" not in source
