"""What other parties' nodes ask of this one: /node/v1."""
