"""Whose word it is: keys, certificates and signatures; pure, given the keys."""
