"""RingFinder finds organised health-insurance fraud rings in claims."""
