"""Data that ships with keepclear; PROVENANCE.md says where each file comes from."""
