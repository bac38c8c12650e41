"""The graph on a Neo4j server (5.23 or later): a local one that we start (`local`), or anybody's own.

    address    where the server is and who we are there: environment, a file, or the local server's
    link       the driver: sessions, transactions, retries
    border     the driver's errors become ours
    schema     constraints and indexes, made from `ringfinder.graph`
    marks      what is loaded, how far a load came, which run's results are shown
    load       a claim set into the graph, each batch exactly once
    results    findings, kept by run; one run's are shown
    read       the graph back into canonical tables
    guard      what a reading query may do, judged by the server's own plan of it
    answers    the driver's values as columns
    store      `Neo4jStore`: all of it behind the contract of every store

Nothing is imported here: the driver is an extra, and commands that need no server must start without it.
"""
