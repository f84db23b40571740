"""How much one page shows. What is left out is counted on the page and stands in the JSON."""

MOST_OPERATIONS = 600
"""Operations drawn and listed, of either side; those in conflicts first."""
MOST_CARDS = 300
"""Conflicts with a card; each has two pictures."""
MOST_BARS = 120
"""Rows of the timeline."""
MOST_ROWS = 400
"""Rows of any other table."""
MOST_PLACES = 160
"""City labels tried on the map, most populous first."""
