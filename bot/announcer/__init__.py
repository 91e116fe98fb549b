"""Tells channels what the journal says: merged, in order, at a pace that Discord accepts."""
