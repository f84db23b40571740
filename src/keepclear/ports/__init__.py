"""What the services ask of the world outside; `compose.py` plugs in the real things."""
