"""What people typed: kept apart from the runs, and never lost by one. Today it holds the keys of the service."""
