"""The strategic engine, pure: which operations come too close, and what would mend it."""
