"""The answers of keepclear for people and for machines; pure, from the model alone."""
