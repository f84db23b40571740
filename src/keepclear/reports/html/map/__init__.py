"""The map of the page: how the region lies on it, what is drawn, and which labels fit."""
