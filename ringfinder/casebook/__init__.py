"""What people typed and who they are: kept apart from the runs, and never lost by one."""

ENVIRONMENT = "RINGFINDER_CASEBOOK"  # names the database by its URL
FILE = "casebook.db"  # in the workspace, where nothing is named
