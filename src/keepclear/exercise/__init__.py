"""The built-in exercise: an invented day that shows every kind of answer."""
