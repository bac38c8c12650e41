"""The service: scores, rings, runs and named queries over HTTP, for case systems and for people.

    run on disk ─> building (a process of its own) ─> Snapshot (bytes in memory) ─> routes ─> the caller

One snapshot is one run, whole: every answer about an entity or a ring is made when the run is loaded, masked, in both
languages, and a request only looks it up. A newly published run is built beside the one being served and takes its place
by one assignment; a request that has begun ends on the snapshot that it began with. What needs the graph or much memory
(named queries, exports, comparisons) happens in a process of its own that is killed at its deadline. Nothing here takes
the workspace's lock: a running detection is never waited for.
"""
