"""What people ask of a node, through the console, the CLI or programs of their own."""
