"""What is asked of a line: one verb in each file."""
