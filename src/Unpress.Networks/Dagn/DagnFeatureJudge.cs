using Unpress.Networks.Discriminators;
using Unpress.Torch;

namespace Unpress.Networks;

/// <summary><see cref="DagnFeatureDiscriminator"/> as a discriminator of trainings: it takes features for pictures.</summary>
internal sealed class DagnFeatureJudge : Discriminator
{
    private readonly DagnFeatureDiscriminator _judge;

    /// <param name="features">Their channels.</param>
    public DagnFeatureJudge(int features)
        : base(new Options { Channels = features })
        => _judge = Add("judge", new DagnFeatureDiscriminator(features));

    protected override void Check(long height, long width)
    {
    }

    protected override Tensor Judge(Tensor input) => _judge.Logit(input);

    private sealed record Options : DiscriminatorOptions;
}
