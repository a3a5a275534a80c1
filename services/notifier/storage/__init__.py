"""The notifier's database: what others announced, and the deliveries."""
