"""A running node against its numbers: `make bench-node`."""
