"""A DSS measured over HTTP with real tokens."""
