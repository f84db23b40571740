"""The provable record: leaves, tree, proofs and heads over stored bytes; pure."""
