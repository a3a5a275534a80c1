"""What the matcher does with an event or a due row: lock the request, decide, save, announce, in one transaction."""
