// Each test has a server of its own; together they would only wait for the same processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
