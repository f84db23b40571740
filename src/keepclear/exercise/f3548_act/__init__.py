"""The script's second act: one flight released to F3548, another that has to give way."""
