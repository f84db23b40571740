"""What another party may see: levels, the lattice, budgets, searches, answers at a level; pure.

What is told at L1 and L2 is worked out from a coarse picture of the hidden operations and from
nothing finer, so whatever is asked, no edge becomes surer than the grid.
"""
