"""Who may see what: keys, the table of rules, limits; asked before a route's own code runs."""
