"""Which rule of an agreement binds a pair, and the verdict algebra."""
