"""The notifier's rules: who is due which notice, whether it is still true, and when to try again. No I/O."""
