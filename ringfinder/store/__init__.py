"""The graph: one contract, two stores."""
