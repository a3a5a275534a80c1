"""What is measured, and what is made for it: `make bench`."""
