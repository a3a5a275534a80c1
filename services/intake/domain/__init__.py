"""What is true of a request, an offer, a volunteer and a card, with no database and no framework in sight."""
