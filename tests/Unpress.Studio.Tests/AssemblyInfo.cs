// Each test has a server of its own, and most wait for a page or a timeout: two run at once.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
