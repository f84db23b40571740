"""The store's form as numbered SQL, applied in order; a file that has shipped never changes."""
