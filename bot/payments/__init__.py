"""Payment providers: siblings behind one protocol, the local one included."""
