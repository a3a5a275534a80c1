"""One module per revision of the notifier's database."""
