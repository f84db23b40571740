"""The form of a discovery service's store as numbered SQL; a shipped file never changes."""
