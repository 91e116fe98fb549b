"""What Discord refuses: one module per kind of payload. All report problems as Discord's nested `errors`."""
