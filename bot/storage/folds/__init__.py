"""What only ranks or counts: derived from the journal, and never needed to decide whether a gift is possible."""
