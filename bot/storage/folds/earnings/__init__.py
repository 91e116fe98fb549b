"""Earnings by what paid for them: what of a creator's earnings is held, for which reason, and until when.

`lines` adds up what gifts earn, `hold_rules` keeps what guilds chose about holds, and `queries` reads both.
"""
