"""Other parties' nodes, and whoever must be woken: what goes out of this machine."""
