// libtorch's random generator and its number of threads belong to the process: a training that must give the same bits cannot run
// beside another test that draws from the one or sets the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
