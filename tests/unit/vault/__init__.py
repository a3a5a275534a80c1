"""The vault's pure parts: sealing, keyrings, keys that people type, tokens, hashes and receipts."""
