using Unpress.Onnx.Schema;

namespace Unpress.Onnx;

/// <summary>
/// Sizes that operators are told are sizes of something that can be. ONNX Runtime keeps some of them as 32 bits without a look and divides by them:
/// a block of 2³² pixels becomes one of none, and the division ends the process.
/// </summary>
internal static class AttributeCheck
{
    private const long Largest = 1 << 20;

    /// <exception cref="OnnxFileException">A size is zero, negative or beyond all measure.</exception>
    public static void Check(string path, NodeProto node, AttributeProto attribute)
    {
        long? least = attribute.Name switch
        {
            "kernel_shape" or "strides" or "dilations" or "group" or "blocksize" or "hidden_size" or "num_heads" => 1,
            "pads" or "output_padding" or "border" => -Largest,
            _ => null,
        };
        foreach (long value in least is null ? [] : attribute.Ints.Append(attribute.Type == AttributeProto.Types.AttributeType.Int ? attribute.I : 1))
            if (value < least || value > Largest)
                throw new OnnxFileException(path, $"has {attribute.Name} = {value} in {node.OpType} '{node.Name}', which is no size");
    }
}
