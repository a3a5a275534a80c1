"""What comes in, as marshmallow schemas shared by the JSON API and the pages, and how it is divided to be sealed."""
