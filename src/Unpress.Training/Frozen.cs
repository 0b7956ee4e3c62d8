using Unpress.Networks;
using Unpress.Torch.Nn;

namespace Unpress.Training;

/// <summary>The parts of a network that a recipe leaves as they are.</summary>
internal static class Frozen
{
    /// <summary>Their parameters take no gradient.</summary>
    public static void Freeze(Network network, IReadOnlyList<string> prefixes)
    {
        foreach (var (name, parameter) in network.NamedParameters())
        {
            if (Covers(prefixes, name))
                parameter.RequiresGrad = false;
        }
    }

    /// <summary>Puts the network into training mode, all but these parts.</summary>
    public static void Train(Network network, IReadOnlyList<string> prefixes)
    {
        network.Train();
        Rest(network, "", prefixes);
    }

    public static bool Covers(IReadOnlyList<string> prefixes, string name)
        => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static void Rest(Module module, string path, IReadOnlyList<string> prefixes)
    {
        foreach (var (name, child) in module.Children)
        {
            string whole = path + name + ".";
            if (Covers(prefixes, whole))
                child.Eval();
            else
                Rest(child, whole, prefixes);
        }
    }
}
