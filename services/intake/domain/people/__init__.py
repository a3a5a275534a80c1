"""People as they are compared: their names, addresses and telephone numbers."""
