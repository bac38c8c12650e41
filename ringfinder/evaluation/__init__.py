"""Found rings against planted ones."""
