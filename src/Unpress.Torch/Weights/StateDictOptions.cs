namespace Unpress.Torch.Weights;

/// <summary>How <see cref="StateDict.Normalise"/> brings the names of a checkpoint to those of the bare network.</summary>
public sealed record StateDictOptions
{
    /// <summary>
    /// Containers to look for, best first: the first one that holds tensors is unwrapped, all tensors outside of it are left out.
    /// Averaged weights come before raw ones, as published results are measured with them.
    /// </summary>
    public IReadOnlyList<string> Unwrap { get; init; } = ["params_ema", "params", "state_dict"];

    /// <summary>
    /// Then, the same inside of it: of a model of several networks (mmedit, PowerQE) the one that restores pictures, its average first.
    /// </summary>
    public IReadOnlyList<string> Parts { get; init; } = ["generator_ema", "generator"];

    /// <summary>Prefixes that are cut off where every remaining name has them, as the wrappers DataParallel and torch.compile put there.</summary>
    public IReadOnlyList<string> Strip { get; init; } = ["module.", "_orig_mod."];
}
