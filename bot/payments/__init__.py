"""Payment providers behind one protocol, including the local sandbox."""
