"""Intake's tables, its queries and its migrations."""
