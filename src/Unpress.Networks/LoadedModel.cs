namespace Unpress.Networks;

/// <summary>A network with trained weights, in evaluation mode, on the CPU.</summary>
public sealed record LoadedModel(Network Network, string Name, IReadOnlyDictionary<string, string> Metadata) : IDisposable
{
    public void Dispose() => Network.Dispose();
}
