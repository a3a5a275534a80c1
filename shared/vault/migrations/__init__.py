"""The vault database's own Alembic history (`shared.vault:migrations`)."""
