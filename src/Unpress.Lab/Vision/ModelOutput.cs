namespace Unpress.Vision;

/// <summary>An output of a pass.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Shape">Sizes, slowest first.</param>
/// <param name="Values">As many as the product of the sizes.</param>
public sealed record ModelOutput(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>The sizes without leading ones, such as that of the batch, down to as many as wanted; "1×84×8400" is 84×8400 of two.</summary>
    public IReadOnlyList<int> Core(int dimensions)
    {
        int first = 0;
        while (Shape.Count - first > dimensions && Shape[first] == 1)
            first++;
        return [.. Shape.Skip(first)];
    }

    /// <summary>Name and sizes for messages.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";
}
