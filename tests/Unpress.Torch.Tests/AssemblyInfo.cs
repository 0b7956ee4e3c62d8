// Seeds, thread counts and the number of live tensors belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
