"""Connected accounts: how a platform creates them and sends their owners through onboarding."""

from dataclasses import dataclass
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import forms, later_shapes
from sandbox.stripe.account import Account

LINK_S: Final = 5 * 60
_CONTROLLER: Final = forms.shape(
    {
        "fees": forms.shape({"payer": forms.one_of("account", "application")}),
        "losses": forms.shape({"payments": forms.one_of("application", "stripe")}),
        "requirement_collection": forms.one_of("application", "stripe"),
        "stripe_dashboard": forms.shape({"type": forms.one_of("express", "full", "none")}),
    }
)
_capability: Final = forms.shape({"requested": forms.flag})
CREATE: Final = forms.shape(
    {
        "business_profile": forms.shape(
            {
                "mcc": forms.text,
                "name": forms.text,
                "product_description": forms.text,
                "support_email": forms.text,
                "support_url": forms.address,
                "url": forms.address,
            }
        ),
        "business_type": forms.one_of("company", "government_entity", "individual", "non_profit"),
        "capabilities": forms.shape({"card_payments": _capability, "transfers": _capability}),
        "controller": _CONTROLLER,
        "country": forms.text_up_to(2),
        "default_currency": forms.text_up_to(3),
        "email": forms.text_up_to(800),
        "expand": forms.many(forms.text),
        "metadata": forms.labels,
        "type": forms.one_of("custom", "express", "standard"),
    }
)
CREATE_LINK: Final = forms.shape(
    {
        "account": forms.text,
        "collect": forms.one_of("currently_due", "eventually_due"),
        "collection_options": forms.shape(
            {
                "fields": forms.one_of("currently_due", "eventually_due"),
                "future_requirements": forms.one_of("include", "omit"),
            }
        ),
        "expand": forms.many(forms.text),
        "refresh_url": forms.address,
        "return_url": forms.address,
        "type": forms.one_of("account_onboarding", "account_update"),
    },
    required=("account", "refresh_url", "return_url", "type"),
)


@dataclass(slots=True)
class Link:
    """A link to onboarding that works once, until `expires_at` in seconds since the epoch."""

    account_id: str
    return_url: str
    refresh_url: str
    expires_at: int
    is_used: bool = False


def create_record(fields: JSON, *, created: int) -> JSON:
    """Return the object of a new account for parameters that CREATE has read."""
    kind = fields.get("type", "none" if "controller" in fields else "standard")
    record = later_shapes.account(created=created, country=fields.get("country", "US"), kind=kind)
    record |= {
        name: fields[name] for name in ("business_type", "default_currency", "email", "metadata") if name in fields
    }
    record["business_profile"] |= fields.get("business_profile", {})
    record["controller"] |= fields.get("controller", {})
    record["capabilities"] = dict.fromkeys(fields.get("capabilities", {"card_payments": {}}), "inactive")
    return record


def enable(record: JSON, *, is_enough: bool = True) -> None:
    """Write into an account's object that its owner has been through onboarding.

    Unless it `is_enough`, Stripe wants to check something and takes no payments yet.
    """
    record |= {"details_submitted": True, "charges_enabled": is_enough, "payouts_enabled": is_enough}
    due = [] if is_enough else ["individual.verification.document"]
    record["requirements"] |= {"currently_due": due, "eventually_due": due, "past_due": due}
    record["requirements"]["disabled_reason"] = None if is_enough else "requirements.past_due"
    record["capabilities"] = dict.fromkeys(record["capabilities"], "active" if is_enough else "pending")


def complete(account: Account, *, is_enough: bool = True) -> None:
    """Let the owner of a connected account finish onboarding."""
    earlier = {name: account.record[name] for name in ("charges_enabled", "details_submitted", "payouts_enabled")}
    enable(account.record, is_enough=is_enough)
    account.announce("account.updated", account.record, earlier)


def link_json(link: Link, token: str, root: str, created: int) -> JSON:
    """Return an account link as the API shows it. `root` is the address of the hosted pages."""
    return {
        "object": "account_link",
        "created": created,
        "expires_at": link.expires_at,
        "url": f"{root}/stripe/connect/{link.account_id}/{token}",
    }
