"""The graph on a Neo4j server (5.23 or later): a local one that we start (`local`), or anybody's own.

    address    where the server is and who we are there: environment, a file, or the local server's
    link       the driver: sessions, transactions, retries
    border     the driver's errors become ours
    schema     constraints and indexes, made from `ringfinder.graph`
    marks      what is loaded, how far a load came, which run's results are shown
    load       a claim set into the graph, each batch exactly once
    bulk       a claim set as files for `neo4j-admin`
    importing  those into an empty local server
    results    findings, kept by run; one run's are shown
    read       the graph back into canonical tables
    others     a graph that others made there
    names      our labels and types where they have a prefix
    guard      what a reading query may do, judged by the server's own plan of it
    local      a server of the workspace's own
    program    the program that it runs
    answers    the driver's values as columns
    store      `Neo4jStore`: all of it behind the contract of every store

Nothing is imported here: the driver is an extra, and commands that need no server must start without it.
"""
