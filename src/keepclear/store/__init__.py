"""Where a node keeps what it was told; one package for each engine."""
