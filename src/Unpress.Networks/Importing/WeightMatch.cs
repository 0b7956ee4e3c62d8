using Unpress.Torch.Weights;

namespace Unpress.Networks.Importing;

/// <summary>How the tensors of a file and those of a network go together.</summary>
/// <param name="Container">Where in the file they were found, such as "params_ema"; empty for the file itself.</param>
/// <param name="Tensors">Those that fit, under our names.</param>
public sealed record WeightMatch(string Container, IReadOnlyList<StoredTensor> Tensors)
{
    /// <summary>Tensors outside of the container: other networks, other averages, the optimiser.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>Tensors that the network is known not to need (<see cref="NetworkEntry.OurName"/>).</summary>
    public IReadOnlyList<string> Unneeded { get; init; } = [];

    /// <summary>Names of the network that the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Names of the file that the network lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; init; } = [];

    /// <summary>Names on both sides whose shapes differ, with both shapes.</summary>
    public IReadOnlyList<string> OtherShape { get; init; } = [];

    /// <summary>All that keeps the file from fitting.</summary>
    public int Faults => Missing.Count + Unexpected.Count + OtherShape.Count;
}
