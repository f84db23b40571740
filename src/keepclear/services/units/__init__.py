"""Own units and allies: who must be told of what came over a line, and what they said."""
