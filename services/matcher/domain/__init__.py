"""The matcher's rules: who may be asked, who fits best, and what becomes of offers, matches and requests. No I/O."""
