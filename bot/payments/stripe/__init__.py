"""Stripe: hosted checkouts, on the operator's account or on the accounts of guilds."""
