"""The rules of the economy as functions of values: no waiting, no clock, no randomness."""
