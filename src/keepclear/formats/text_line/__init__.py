"""Short text lines: what a message says in one line that is typed, mailed or read aloud."""
