"""Results as files and as a page."""
