"""The JSON API: endpoints that decode, call a command and encode. The same schemas make its OpenAPI document."""
