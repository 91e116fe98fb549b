"""What Discord refuses: one module per kind of payload, all speaking in Discord's nested `errors`."""
