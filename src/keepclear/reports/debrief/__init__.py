"""The debrief of a drill: a table for the terminal, and a page."""
