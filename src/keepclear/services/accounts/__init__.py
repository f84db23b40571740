"""Local accounts: kept, signed in with, and confirmed by."""
