using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// Parameters of NIQE from undamaged pictures: the mean and the covariance over their sharp blocks, those whose mean local deviation is above
/// three quarters of the picture's largest (section II.C). Pictures come one after the other; nothing of them is kept.
/// </summary>
public sealed class NiqeFit
{
    private const double SharpEnough = 0.75;

    private readonly FeatureStatistics _blocks = new(NiqeFeatures.Count);

    /// <summary>Sharp blocks so far.</summary>
    public long Blocks => _blocks.Count;

    /// <exception cref="IncomparableException">Smaller than one block, or CMYK.</exception>
    public void Add(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, new Niqe());
        var sharpness = new List<double>();
        double[][] blocks = NiqeFeatures.Of(Luma.GrayUint8.Of(image), sharpness);
        double limit = SharpEnough * sharpness.Max();
        for (int i = 0; i < blocks.Length; i++)
            if (sharpness[i] > limit && !blocks[i].Contains(double.NaN))
                _blocks.Add(blocks[i]);
    }

    /// <summary>Writes the file that <c>--metrics niqe=FILE</c> takes, in the form of the published one.</summary>
    /// <exception cref="InvalidOperationException">Fewer blocks than features: the covariance would not be of full rank.</exception>
    public void Save(string path)
    {
        if (Blocks <= NiqeFeatures.Count)
            throw new InvalidOperationException($"{Blocks} sharp blocks of {NiqeFeatures.Block}x{NiqeFeatures.Block} pixels are too few, more than {NiqeFeatures.Count} are needed: add pictures");
        new NiqeModel([.. _blocks.Mean], _blocks.Covariance()).Save(path);
    }
}
