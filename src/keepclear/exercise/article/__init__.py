"""The article, replayed on two nodes: BLUE's and AMBER's, step by step."""
