"""`alongside demo`: one whole story on the embedded stack, told while it happens."""
