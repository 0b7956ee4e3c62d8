namespace Unpress.Torch.Tests;

public class ThreadsTests
{
    [Fact]
    public void The_number_that_was_set_stays_when_functions_of_the_library_are_used_for_the_first_time()
    {
        int before = TorchRuntime.Threads;
        try
        {
            TorchRuntime.Threads = before + 1;
            // Used by no other test: whatever happens at the first use of a function happens here.
            TorchRuntime.EmptyCudaCache();
            Assert.Equal(before + 1, TorchRuntime.Threads);
        }
        finally
        {
            TorchRuntime.Threads = before;
        }
    }
}
