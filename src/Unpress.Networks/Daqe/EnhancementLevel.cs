using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>One level of DAQE's QENet: five convolutions, a modulation by the level before, ten convolutions, and a way out.</summary>
internal sealed class EnhancementLevel : Module
{
    private readonly Sequential _head, _body;
    private readonly Modulation _context;
    private readonly Conv2d _tail;

    public EnhancementLevel(DaqeOptions options)
    {
        long width = options.Width;
        _head = Add("head", ConvStack.Active(2 * width, width, 5));
        _context = Add("context", new Modulation(width, width, width));
        _body = Add("body", ConvStack.Active(width, width, 10));
        _tail = Add("out", Conv2d.Same(width, options.Channels, 3));
    }

    /// <param name="textures">[M, 2·width, p, p], at the level's resolution.</param>
    /// <param name="before">[M, width, p/2, p/2], the features of the level before; null at the first, which is guided by its own.</param>
    /// <returns>[M, width, p, p].</returns>
    public Tensor Forward(Tensor textures, Tensor? before)
    {
        using var scope = TensorScope.Enter();
        var features = _head.Forward(textures);
        var guide = before is null
            ? features
            : Functional.Interpolate(before, features.Size(2), features.Size(3), Interpolation.Bilinear);
        return scope.Keep(_body.Forward(_context.Forward(features, guide)));
    }

    /// <summary>The correction at this level's resolution, [M, C, p, p].</summary>
    public Tensor Leave(Tensor features) => _tail.Forward(features);
}
