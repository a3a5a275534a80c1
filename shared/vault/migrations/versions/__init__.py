"""One module per revision of the vault database."""
