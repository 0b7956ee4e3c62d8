namespace Unpress.Torch;

/// <summary>
/// Tensors with a type and a shape but without numbers or memory (libtorch's "meta" device): a network of any size is made at once, and
/// running it tells the shapes of everything in it. Numbers written to such a tensor vanish; reading them is an error.
/// </summary>
public static class ShapesOnly
{
    [ThreadStatic]
    private static bool _on;

    /// <summary>What this thread makes on the CPU has shapes only until the result is disposed.</summary>
    public static Switch Enter()
    {
        bool before = _on;
        _on = true;
        return new Switch(() => _on = before);
    }

    /// <summary>The result of an operator that libtorch itself cannot run on shapes; null for all others, and outside.</summary>
    internal static Tensor? Try(string name, ReadOnlySpan<Value> arguments)
        => _on && ShapeRules.Of(name, arguments) is { } shape ? Tensor.Empty(shape, arguments[0].Tensor!.DType) : null;

    internal static Device Place(Device asked) => _on && asked.IsCpu ? Device.Meta : asked;

    internal static Tensor Place(Tensor made)
    {
        if (!_on)
            return made;
        using (made)
            return made.To(Device.Meta);
    }
}
