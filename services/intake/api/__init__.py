"""The JSON API: thin views that decode, call a desk and encode. Its OpenAPI document is made from the same schemas."""
