using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>
/// The first blocks of a vision transformer: Dosovitskiy et al., "An Image is Worth 16x16 Words", ICLR 2021, with timm's names. Pictures have one
/// size, since every place has its own embedding.
/// </summary>
internal sealed class VisionTransformer : Module
{
    private readonly Tensor _class, _places;
    private readonly Conv2d _patches;
    private readonly VisionBlock[] _blocks;

    public VisionTransformer(int side, int patch, int width, int heads, int blocks)
    {
        long across = side / patch;
        _class = AddParameter("cls_token", Tensor.Zeros([1, 1, width]));
        _places = AddParameter("pos_embed", Tensor.Zeros([1, (across * across) + 1, width]));
        _patches = Add("patch_embed.proj", new Conv2d(3, width, patch, stride: patch));
        _blocks = [.. Enumerable.Range(0, blocks).Select(k => Add($"blocks.{k}", new VisionBlock(width, heads)))];
    }

    /// <summary>[N, 3, S, S], in the range of its weights, to the tokens of every block side by side as a map: [N, blocks·width, S/P, S/P].</summary>
    public Tensor Forward(Tensor picture)
    {
        using var scope = TensorScope.Enter();
        var map = _patches.Forward(picture);
        long batch = map.Size(0), width = map.Size(1), places = map.Size(2) * map.Size(3);
        var tokens = map.Reshape(batch, width, places).Transpose(1, 2);
        var x = Tensor.Cat([Tensor.Zeros([batch, 1, width], tokens.DType) + _class, tokens], 1) + _places;
        var seen = new List<Tensor>();
        foreach (var block in _blocks)
        {
            x = block.Forward(x);
            seen.Add(x.Narrow(1, 1, places)); // without the class
        }

        return scope.Keep(Tensor.Cat([.. seen], 2).Transpose(1, 2).Reshape(batch, -1, map.Size(2), map.Size(3)));
    }
}
