using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>What pictures without damage look like: mean and covariance of <see cref="NiqeFeatures"/>.</summary>
internal sealed record NiqeModel(double[] Mean, double[] Covariance)
{
    private const string MeanName = "mu_pris_param", CovarianceName = "cov_pris_param";

    /// <exception cref="WeightsFormatException">Not a file of NIQE's parameters.</exception>
    public static NiqeModel Read(string path)
    {
        using var file = WeightFile.Open(path);
        var model = new NiqeModel(file[MeanName].ToDoubles(), file[CovarianceName].ToDoubles());
        return model.Mean.Length == NiqeFeatures.Count && model.Covariance.Length == NiqeFeatures.Count * NiqeFeatures.Count
            ? model
            : throw new WeightsFormatException(path, $"does not hold the mean and covariance of {NiqeFeatures.Count} features");
    }

    public void Save(string path) => NumpyArchive.Save(path,
        [StoredDoubles.Of(MeanName, Mean, 1, Mean.Length), StoredDoubles.Of(CovarianceName, Covariance, Mean.Length, Mean.Length)]);

    /// <summary>sqrt((µ₀ − µ)·pinv((Σ₀ + Σ)/2)·(µ₀ − µ)ᵀ), eq. 10.</summary>
    public double Distance(double[] mean, double[] covariance)
    {
        int n = Mean.Length;
        double[] both = [.. Covariance.Zip(covariance, (a, b) => (a + b) / 2)];
        var (values, vectors) = SymmetricEigen.Of(both, n);
        // What MATLAB's pinv takes for zero.
        double least = n * (Math.BitIncrement(values[^1]) - values[^1]);
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            if (values[k] <= least)
                continue;
            double along = 0;
            for (int i = 0; i < n; i++)
                along += vectors[(i * n) + k] * (Mean[i] - mean[i]);
            sum += along * along / values[k];
        }

        return Math.Sqrt(sum);
    }
}
