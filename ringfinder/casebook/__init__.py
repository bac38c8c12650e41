"""What people typed and who they are: kept apart from the runs, and never lost by one."""
