// Each test has a server of its own, and most wait for a page or a timeout: more run at once than there are processors.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
