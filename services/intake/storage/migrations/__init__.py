"""The history of intake's database."""
