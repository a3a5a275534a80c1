"""Migrations of the notifier's database."""
