"""The routes, one module a group; each has `register`."""
