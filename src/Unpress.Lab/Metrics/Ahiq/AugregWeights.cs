using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>
/// Google's weights of vision transformers (<c>.npz</c>) into ours. Theirs have inputs before outputs, heads as a dimension of their own, and
/// query, key and value apart.
/// </summary>
internal static class AugregWeights
{
    /// <exception cref="WeightsFormatException">Another file, or of a network of another size.</exception>
    public static void Fill(VisionTransformer network, string path)
    {
        using var file = WeightFile.Open(path);
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, tensor) in network.StateDict())
        {
            using var scope = TensorScope.Enter();
            var found = Find(file, name);
            if (!found.Shape.AsSpan().SequenceEqual(tensor.Shape))
                throw new WeightsFormatException(path, $"does not fit: {name} would be [{string.Join(",", found.Shape)}], expected [{string.Join(",", tensor.Shape)}]");
            tensor.Copy(found);
        }
    }

    private static Tensor Find(WeightFile file, string name)
    {
        string[] parts = name.Split('.');
        if (parts[0] != "blocks")
            return name switch
            {
                "cls_token" => Read("cls"),
                "pos_embed" => Read("Transformer/posembed_input/pos_embedding"),
                "patch_embed.proj.weight" => Read("embedding/kernel").Permute(3, 2, 0, 1),
                _ => Read("embedding/bias"),
            };
        string block = $"Transformer/encoderblock_{parts[1]}/", attention = block + "MultiHeadDotProductAttention_1/";
        string[] three = [.. new[] { "query", "key", "value" }.Select(part => attention + part)];
        bool bias = parts[^1] == "bias";
        return string.Join('.', parts[2..^1]) switch
        {
            "norm1" => Read(block + "LayerNorm_0/" + (bias ? "bias" : "scale")),
            "norm2" => Read(block + "LayerNorm_2/" + (bias ? "bias" : "scale")),
            "attn.qkv" => Tensor.Cat([.. three.Select(part => bias ? Read(part + "/bias").Reshape(-1) : Turned(part))], 0),
            "attn.proj" => bias ? Read(attention + "out/bias") : Joined(Read(attention + "out/kernel")),
            "mlp.fc1" => bias ? Read(block + "MlpBlock_3/Dense_0/bias") : Turned(block + "MlpBlock_3/Dense_0"),
            _ => bias ? Read(block + "MlpBlock_3/Dense_1/bias") : Turned(block + "MlpBlock_3/Dense_1"),
        };

        Tensor Read(string theirs) => file[theirs].ToTensor();

        // [in, …out] to [out, in].
        Tensor Turned(string theirs)
        {
            var kernel = Read(theirs + "/kernel");
            return kernel.Reshape(kernel.Size(0), -1).Transpose(0, 1);
        }

        // [heads, each, out] to [out, in].
        static Tensor Joined(Tensor kernel) => kernel.Reshape(-1, kernel.Size(kernel.Rank - 1)).Transpose(0, 1);
    }
}
