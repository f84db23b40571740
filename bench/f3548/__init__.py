"""A DSS and a USS measured over HTTP with real tokens."""
