"""Bytes to and from the model, one file per format: strict, pure, and honest about losses."""
