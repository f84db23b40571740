"""The frozen nouns of the field: open to every layer below, like the errors."""
