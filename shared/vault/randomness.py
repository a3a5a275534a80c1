"""Randomness as something that is passed in; production passes `secrets.token_bytes`."""

from collections.abc import Callable

RandomSource = Callable[[int], bytes]
"""Takes a number of bytes and returns that many, unpredictable to anyone else."""
