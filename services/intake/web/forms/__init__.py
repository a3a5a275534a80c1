"""Web forms as data, and the way from what a browser sends to the JSON that the API's schemas check, and back."""
