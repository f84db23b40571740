"""Two running nodes in contact against their numbers: `make bench-line`."""
