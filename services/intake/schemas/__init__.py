"""What comes in and goes out, as marshmallow schemas, shared by the JSON API and the pages."""
