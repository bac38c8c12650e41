"""From claims to a published run: the only room that knows all the others.

Nothing is imported here: the child that builds the graph would pay for libraries that only its parent needs.
"""
