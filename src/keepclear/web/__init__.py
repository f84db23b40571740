"""Serves finished pages to a browser on the same machine; nothing else."""
