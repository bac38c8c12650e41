"""Results for other systems and for people: rings, members, evidence as CSV or Parquet, run.json, report.html."""
