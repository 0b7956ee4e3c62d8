using Unpress.Data;
using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>
/// A network with weights, applied to pictures of any size, depth and colour model: tile by tile within a budget of memory, each tile
/// checked before it counts. What a network finds in the whole picture is found once and given to every tile. Alpha is not touched. Several threads may call it; the budget of memory is that of one call.
/// </summary>
public sealed class NetworkEnhancer : IEnhancer, IDisposable
{
    /// <summary>Left for what reading and writing files takes besides the pixels.</summary>
    private const long Reserve = 96L << 20;

    private readonly Network _network;
    private readonly NetworkEnhancerOptions _options;
    private readonly MemoryProbe _memory;
    private bool? _bf16;

    /// <param name="network">Owned by the enhancer from here on.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public NetworkEnhancer(string name, Network network, NetworkEnhancerOptions? options = null)
    {
        _options = options ?? new NetworkEnhancerOptions();
        _options.Validate();
        if (_options.Quality is not null && !network.Facts.Uses.HasFlag(Knowledge.Quality))
            throw new ArgumentException($"the model {name} takes no quality factor");
        Name = name;
        _network = network;
        _network.Eval();
        _network.To(_options.Device, format: _options.Device.FastFormat);
        _memory = new MemoryProbe(network, _options.Device);
        _bf16 = _options.Precision switch
        {
            Precision.Fp32 => false,
            Precision.Bf16 => true,
            _ => PrecisionChoice.IsNative(_options.Device) ? null : false,
        };
    }

    public string Name { get; }

    /// <summary>0..100, as in the options.</summary>
    public double Strength => _options.Strength;

    /// <summary>True when another seed gives another answer.</summary>
    public bool HasCandidates => _network.Facts.Uses.HasFlag(Knowledge.Noise);

    /// <inheritdoc/>
    public ImageBuffer Enhance(ImageBuffer image, CancellationToken cancellation) => Enhance(image, null, cancellation);

    /// <summary>As the interface says; tells after each tile how many are done, and within one where the network does.</summary>
    /// <param name="seed">Which of its answers a network with <see cref="HasCandidates"/> gives; null for the one without noise.</param>
    /// <param name="noise">What the seed's noise is multiplied with: 1 as trained, 0 as without a seed.</param>
    /// <exception cref="ArgumentException">A seed for a network that has one answer.</exception>
    /// <exception cref="UnsuitablePictureException">The network works on the coefficients of a JPEG, and the picture has none.</exception>
    /// <exception cref="BrokenOutputException">The network's output is no picture, in fp32 as well.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, at the latest after the tile at work; sooner where the network tells its progress.</exception>
    /// <exception cref="TorchException">Out of memory with the smallest tile.</exception>
    public ImageBuffer Enhance(ImageBuffer image, Action<TileProgress>? progress, CancellationToken cancellation, ulong? seed = null, double noise = 1)
    {
        if (seed is not null && !HasCandidates)
            throw new ArgumentException($"the model {Name} has one answer for a picture: it takes no noise");
        int orientation = image.Metadata.StoredOrientation;
        var drawn = new Draw(seed, noise);
        // Coefficients lie in the rows and columns of the file: such a network works there.
        return orientation == 1 || !_network.Facts.Uses.HasFlag(Knowledge.Jpeg)
            ? Restore(image, drawn, progress, cancellation)
            : ImageTurn.ToUpright(Restore(ImageTurn.ToStored(image, orientation), drawn, progress, cancellation), orientation);
    }

    public void Dispose() => _network.Dispose();

    private ImageBuffer Restore(ImageBuffer image, Draw drawn, Action<TileProgress>? progress, CancellationToken cancellation)
    {
        var output = new ImageBuffer(
            image.Width, image.Height, image.Model, image.HasAlpha, image.BitsPerSample, (byte[])image.Data.Clone())
        {
            Metadata = image.Metadata,
        };
        double share = _options.Strength / 100 * NearlyClean.Share(image.Metadata.Jpeg);
        if (share == 0)
            return output;
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var given = Given(image);
        var plan = new TilePlan(_network.Facts, image.Width, image.Height);
        var passes = ColourPass.For(image.Model);
        long budget = PixelBudget(image);
        _bf16 ??= IsBf16Harmless(image, passes[0], given, budget);
        var parts = passes.Select((pass, k) => new PassKnowledge(_network, image, pass, given with { Noise = Noise(drawn, k, image) }, budget, _options.Device))
            .ToArray();
        var cut = plan.Cut(budget);
        if (cut.Count > 1)
        {
            int overlap = parts.Max(part => Overlap(plan, cut[0], part, image));
            plan = new TilePlan(_network.Facts, image.Width, image.Height, overlap);
            cut = plan.Cut(budget);
        }

        var tiles = new Stack<Tile>(Enumerable.Reverse(cut));
        for (int done = 0; tiles.TryPop(out var tile);)
        {
            Tell(0);
            try
            {
                for (int k = 0; k < parts.Length; k++)
                    Enhance(tile, parts[k], image, output, share, part => Tell((k + part) / parts.Length));
                progress?.Invoke(new TileProgress(++done, done + tiles.Count));
            }
            catch (TorchException error) when (OutOfMemory.Is(error) && plan.Halve(tile) is { } halves)
            {
                foreach (var half in Enumerable.Reverse(halves))
                    tiles.Push(half);
            }

            void Tell(double part)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke(new TileProgress(done + part, done + tiles.Count + 1));
            }
        }

        // Where memory is short, what tensors leave behind must not stand beside what writing the file takes.
        if (cut.Count > 1)
            TorchRuntime.EmptyCpuCache();
        return output;
    }

    private void Enhance(Tile tile, PassKnowledge part, ImageBuffer image, ImageBuffer output, double share, Action<double> tell)
    {
        var (pass, known) = (part.Pass, part.For(tile));
        using var scope = TensorScope.Enter();
        var input = Read(image, tile.Seen, pass);
        var restored = Restore(input, At(known, tile.Seen) with { Progress = tell });
        if (share < 1)
            restored = input + ((restored - input) * share);
        var core = restored.Narrow(2, tile.Offset.Y, tile.Core.Height).Narrow(3, tile.Offset.X, tile.Core.Width);
        ImageTensor.Write(core.To(Device.Cpu), output, tile.Core, pass.FirstBand, pass.Inverted);
    }

    /// <summary>Judged by the middle of the picture.</summary>
    private bool IsBf16Harmless(ImageBuffer image, ColourPass pass, Conditions given, long budget)
    {
        for (long pixels = PrecisionChoice.SamplePixels(image.Width, image.Height, budget); ; pixels /= 2)
        {
            using var scope = TensorScope.Enter();
            var middle = PassKnowledge.Middle(image.Width, image.Height, pixels, _network.Facts.SizeMultiple);
            try
            {
                return PrecisionChoice.IsHarmless(_network, Read(image, middle, pass), At(given, middle));
            }
            catch (TorchException error) when (OutOfMemory.Is(error) && pixels > 1)
            {
                // Half as many pixels, then.
            }
        }
    }

    /// <summary>How much of their surroundings tiles need in this picture; <paramref name="any"/> is one of them.</summary>
    private int Overlap(TilePlan plan, Tile any, PassKnowledge part, ImageBuffer image)
    {
        var known = part.For(any);
        return SeamProbe.Overlap(
            plan.Overlap, _network.Facts.SizeMultiple, image.Width, image.Height, area => Restore(Read(image, area, part.Pass), At(known, area)));
    }

    /// <summary>What is known of the picture before the network looks at it; coefficients stay in main memory.</summary>
    private Conditions Given(ImageBuffer image) => new()
    {
        Quality = _options.Quality is { } quality ? (Tensor.Ones([1, 1]) * quality).To(_options.Device) : null,
        Jpeg = FileCoefficients.For(_network.Facts, image),
    };

    private Conditions At(Conditions known, PixelArea area) => known.At(area).Map(tensor => tensor.To(_options.Device));

    private Tensor Read(ImageBuffer image, PixelArea area, ColourPass pass)
    {
        // Let go at once: of a whole picture that is a copy of many megabytes.
        using var plain = ImageTensor.Read(image, area, pass.FirstBand, pass.Bands, pass.Inverted);
        using var there = plain.To(_options.Device);
        return there.Contiguous(_options.Device.FastFormat);
    }

    /// <summary>In the chosen precision; in fp32 when that gave no picture; an exception when fp32 gives none.</summary>
    private Tensor Restore(Tensor input, Conditions conditions)
    {
        if (_bf16 == true)
        {
            using var autocast = Autograd.Autocast(input.Device, DType.BFloat16);
            var fast = ColourPass.Run(_network, input, conditions).To(DType.Float32);
            if (TileGuard.Fault(input, fast) is null)
                return fast;
        }

        var restored = ColourPass.Run(_network, input, conditions);
        return TileGuard.Fault(input, restored) is { } fault
            ? throw new BrokenOutputException($"{fault}; nothing was saved, try another model")
            : restored;
    }

    /// <summary>How many pixels a tile may have. What is resident already (the program, both pictures) is part of the budget.</summary>
    private long PixelBudget(ImageBuffer image)
    {
        long free = _options.Device.IsCuda
            ? TorchRuntime.CudaMemory(Math.Max(0, _options.Device.Index)).Free * 4 / 5
            : _options.Memory - (Environment.WorkingSet - TorchRuntime.CpuMemory().Kept) - Reserve;
        return _memory.PixelsIn(free, (long)image.Width * image.Height);
    }

    /// <summary>In main memory, for the whole picture; none without a seed.</summary>
    private static Tensor? Noise(Draw drawn, int pass, ImageBuffer image)
        => drawn.Seed is { } known ? CandidateNoise.Make(known, pass, image.Height, image.Width, drawn.Scale) : null;

    /// <summary>Which noise: the seed, null for none, and what its numbers are multiplied with.</summary>
    private readonly record struct Draw(ulong? Seed, double Scale);
}
