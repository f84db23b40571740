"""Servers for a developer's own machine; none of them is for anybody else."""
