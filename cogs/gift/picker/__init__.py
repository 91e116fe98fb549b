"""The panel in which a member picks a gift, its quantity and a note."""
