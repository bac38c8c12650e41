"""Groups in tie graphs: seeds for rings, never verdicts."""
