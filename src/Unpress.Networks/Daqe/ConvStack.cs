using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Chains of 3×3 convolutions of one width, as DAQE has them.</summary>
internal static class ConvStack
{
    /// <summary>Each with a ReLU behind it.</summary>
    public static Sequential Active(long inside, long width, int count)
        => new([.. Enumerable.Range(0, count).SelectMany(k => new Layer[] { Conv2d.Same(k == 0 ? inside : width, width, 3), new Relu() })]);

    /// <summary>Two with a ReLU and one without.</summary>
    public static Sequential Plain(long inside, long width)
        => new(Conv2d.Same(inside, width, 3), new Relu(), Conv2d.Same(width, width, 3), new Relu(), Conv2d.Same(width, width, 3));
}
