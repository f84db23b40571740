"""The command line: one file per command; it parses, calls a service and prints."""
