"""WGS84 in metres: exact footprints, distances, heights; numpy, shapely and numba stay here."""
