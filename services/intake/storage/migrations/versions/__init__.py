"""One module per step of the history."""
