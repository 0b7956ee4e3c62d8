using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>
/// What set metrics know of a set of pictures: mean and covariance of their features, and up to <see cref="SampleSize"/> of the features
/// themselves. Pictures come one after the other; memory does not grow beyond the sample. Not safe for several threads at once.
/// </summary>
public sealed class PictureSet
{
    /// <summary>Feature vectors kept at most; of more, each has the same chance.</summary>
    public const int SampleSize = 10_000;

    private readonly List<float[]> _sample = [];
    private readonly Random _random = new(1);

    public PictureSet(int dimensions)
        : this(new FeatureStatistics(dimensions))
    {
    }

    private PictureSet(FeatureStatistics statistics) => Statistics = statistics;

    public FeatureStatistics Statistics { get; }

    /// <summary>Feature vectors; empty where only statistics are known.</summary>
    public IReadOnlyList<float[]> Sample => _sample;

    /// <summary>
    /// A file of statistics (<c>.npz</c> with <c>mu</c> and <c>sigma</c>), or of features (<c>.npy</c>, or <c>.npz</c> with one array, N×D).
    /// </summary>
    /// <exception cref="WeightsFormatException">Neither.</exception>
    public static PictureSet Read(string path)
    {
        using var file = WeightFile.Open(path);
        if (file.Tensors is not [{ Shape: [_, var dimensions] } features])
            return new PictureSet(FeatureStatistics.Read(path));
        using var stored = features.ToTensor();
        using var single = stored.To(DType.Float32);
        float[] numbers = single.ToArray<float>();
        FeatureStatistics.RefuseUnlessFinite(path, numbers.Select(number => (double)number));
        var set = new PictureSet((int)dimensions);
        for (int start = 0; start < numbers.Length; start += (int)dimensions)
            set.Add(numbers.AsSpan(start, (int)dimensions));
        return set;
    }

    /// <summary>Takes the features of one more picture in.</summary>
    public void Add(ReadOnlySpan<float> features)
    {
        var wide = new double[features.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = features[i];
        Statistics.Add(wide);
        if (_sample.Count < SampleSize)
            _sample.Add(features.ToArray());
        else if (_random.NextInt64(Statistics.Count) is var place && place < SampleSize)
            _sample[(int)place] = features.ToArray();
    }

    /// <summary>Takes a whole set in; of its features only the statistics, since two samples of unequal sets are no sample of both.</summary>
    /// <exception cref="InvalidOperationException">Statistics that do not say of how many pictures they are.</exception>
    public void Merge(PictureSet other)
    {
        Statistics.Merge(other.Statistics);
        _sample.Clear();
    }
}
