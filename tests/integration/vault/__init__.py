"""The vault on a real PostgreSQL."""
