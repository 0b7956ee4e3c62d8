using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging.Codecs;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Tests.Data;

namespace Unpress.Tests.Patches;

public sealed class PatchLoaderTests : IDisposable
{
    private readonly TrainingPictures _pictures = new((96, 70, 3), (120, 150, 3));
    private readonly PackedImages _pack;

    public PatchLoaderTests() => _pack = _pictures.Open();

    public void Dispose()
    {
        _pack.Dispose();
        _pictures.Dispose();
    }

    [Fact]
    public void The_number_of_workers_changes_nothing()
    {
        float[][] Read(int workers, int ahead)
        {
            using var loader = new PatchLoader(Sampler(), 3, 0, workers, ahead);
            return [.. Enumerable.Range(0, 12).Select(_ => (float[])loader.Next().X.Clone())];
        }

        var one = Read(1, 1);
        Assert.Equal(one, Read(4, 3));
        Assert.Equal(one, Read(2, 8));
    }

    [Fact]
    public void Resuming_at_an_index_gives_the_batches_that_would_have_come()
    {
        using var whole = new PatchLoader(Sampler(), 4);
        for (int i = 0; i < 5; i++)
            whole.Next();
        using var resumed = new PatchLoader(Sampler(), 4, firstIndex: 20, workers: 2);
        var expected = whole.Next();
        var actual = resumed.Next();
        Assert.Equal(20, expected.FirstIndex);
        Assert.Equal(20, actual.FirstIndex);
        Assert.Equal(expected.X, actual.X);
        Assert.Equal(expected.Y, actual.Y);
        Assert.Equal(expected.Facts, actual.Facts);
    }

    [Fact]
    public void Batches_are_planes_of_the_samples_in_0_to_1()
    {
        var sampler = Sampler();
        using var loader = new PatchLoader(sampler, 2);
        loader.Next();
        var batch = loader.Next();
        byte[] x = new byte[sampler.PatchBytes], y = new byte[sampler.PatchBytes];
        Assert.Equal(sampler.Sample(3, x, y), batch.Facts[1]);
        const int Plane = Size * Size;
        for (int i = 0; i < Plane; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                Assert.Equal(x[(3 * i) + channel] / 255f, batch.X[((3 + channel) * Plane) + i]);
                Assert.Equal(y[(3 * i) + channel] / 255f, batch.Y[((3 + channel) * Plane) + i]);
            }
        }
    }

    [Fact]
    public void Waiting_for_slow_data_is_measured_and_waiting_for_fast_data_is_not_there()
    {
        using (var slow = new PatchLoader(Sampler(TimeSpan.FromMilliseconds(10)), 2, workers: 1, ahead: 1))
        {
            for (int i = 0; i < 6; i++)
                slow.Next();
            Assert.True(slow.WaitSeconds > 0.05, $"{slow.WaitSeconds} s"); // 5 batches of 20 ms, with nothing else to do
        }

        // How long a busy machine takes for six batches is unknown: longer and longer pauses, until one was long enough.
        Assert.Contains(Enumerable.Range(1, 12), k => WaitAfter(TimeSpan.FromMilliseconds(150 * k)) < 0.05);

        double WaitAfter(TimeSpan pause)
        {
            using var fast = new PatchLoader(Sampler(), 2, workers: 1, ahead: 6);
            fast.Next();
            double first = fast.WaitSeconds;
            Thread.Sleep(pause);
            for (int i = 0; i < 5; i++)
                fast.Next();
            return fast.WaitSeconds - first;
        }
    }

    [Fact]
    public void A_failing_worker_is_heard_in_Next_with_the_file_in_its_message()
    {
        using var loader = new PatchLoader(new PatchSampler(_pack, new Broken(), new PatchOptions { Size = Size }, 1), 1, workers: 3);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            var e = Assert.Throws<InvalidOperationException>(() => loader.Next());
            Assert.Contains(_pictures.Folder, e.Message, StringComparison.Ordinal);
            Assert.Contains("broken on purpose", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Waiting_can_be_cancelled()
    {
        using var loader = new PatchLoader(Sampler(TimeSpan.FromSeconds(1)), 1);
        using var cancellation = new CancellationTokenSource(50);
        Assert.Throws<OperationCanceledException>(() => loader.Next(cancellation.Token));
    }

    private const int Size = 32;

    private PatchSampler Sampler(TimeSpan delay = default) =>
        new(_pack, new Slow(delay), new PatchOptions { Size = Size, Gray = 0.2 }, seed: 9);

    private sealed class Slow(TimeSpan delay) : IDegradation
    {
        private readonly CodecDegradation _jpeg = new(JpegCodec.Instance, new CompressionOptions());

        public int Slack => _jpeg.Slack;

        public DegradationFacts Degrade(
            ref SampleRandom random, ReadOnlySpan<byte> region, int side, int bands, int patch, Span<byte> x, Span<byte> y)
        {
            if (delay > TimeSpan.Zero)
                Thread.Sleep(delay);
            return _jpeg.Degrade(ref random, region, side, bands, patch, x, y);
        }
    }

    private sealed class Broken : IDegradation
    {
        public int Slack => 0;

        public DegradationFacts Degrade(
            ref SampleRandom random, ReadOnlySpan<byte> region, int side, int bands, int patch, Span<byte> x, Span<byte> y) =>
            throw new InvalidDataException("broken on purpose");
    }
}
