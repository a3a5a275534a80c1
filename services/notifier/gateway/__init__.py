"""How a notice leaves the house: the port, and behind it SMTP and webhooks."""
