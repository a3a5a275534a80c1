"""The embedded stack: every real part on one machine, for trying and for tests only."""
