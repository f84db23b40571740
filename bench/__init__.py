"""Measurements: each prints a table with the anchor's figure beside ours."""
