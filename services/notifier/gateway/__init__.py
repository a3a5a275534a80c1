"""How a notice leaves the house: the port, and SMTP behind it."""
