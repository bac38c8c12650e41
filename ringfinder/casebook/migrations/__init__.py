"""How the tables of the casebook came to be, step by step."""
