"""The matcher's own database: the pool, requests as far as matching needs them, offers and matches."""
