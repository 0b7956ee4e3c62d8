using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>One argument of an ATen operator. Made implicitly from what is meant: a tensor, a number, a list, a dtype, a device.</summary>
public readonly struct Value
{
    private Value(ValueTag tag, long integer = 0, double number = 0, object? reference = null)
    {
        Tag = tag;
        Integer = integer;
        Number = number;
        Reference = reference;
    }

    /// <summary>The absent value of an optional argument.</summary>
    public static Value None => default;

    /// <summary>Whatever the operator's schema says; missing trailing arguments mean the same.</summary>
    public static Value Default => new(ValueTag.Default);

    /// <summary>The tensor, where it is one.</summary>
    public Tensor? Tensor => Reference as Tensor;

    /// <summary>The tensors of a list, where it is one.</summary>
    public IReadOnlyList<Tensor?>? Tensors => Reference as Tensor?[];

    /// <summary>The text, where it is one.</summary>
    public string? Text => Reference as string;

    /// <summary>True for an optional argument that is absent, and for the schema's default.</summary>
    public bool IsAbsent => Tag is ValueTag.None or ValueTag.Default;

    /// <summary>True for a number that is not whole by its type.</summary>
    public bool IsNumber => Tag == ValueTag.Float;

    /// <summary>The whole numbers of a list, where it is one; the one number or flag, where it is that; else null.</summary>
    public IReadOnlyList<long>? Integers => Tag is ValueTag.Int or ValueTag.Bool ? [Integer] : Reference as long[];

    internal ValueTag Tag { get; }

    /// <summary>The whole number or flag, where it is one.</summary>
    public long Integer { get; }

    /// <summary>The number, where it is one that is not whole by its type.</summary>
    public double Number { get; }

    internal object? Reference { get; }

    internal static Value Of(GeneratorHandle? generator) => generator is null ? None : new(ValueTag.Generator, reference: generator);

    /// <summary>A list in which tensors may be absent, as indexing operators take.</summary>
    public static Value OptionalList(params Tensor?[] tensors) => new(ValueTag.OptionalTensorList, reference: tensors);

    public static implicit operator Value(Tensor? tensor) => tensor is null ? None : new(ValueTag.Tensor, reference: tensor);

    public static implicit operator Value(int number) => new(ValueTag.Int, number);

    public static implicit operator Value(long number) => new(ValueTag.Int, number);

    public static implicit operator Value(double number) => new(ValueTag.Float, number: number);

    public static implicit operator Value(bool flag) => new(ValueTag.Bool, flag ? 1 : 0);

    public static implicit operator Value(string text) => new(ValueTag.String, reference: text);

    public static implicit operator Value(long[] numbers) => new(ValueTag.IntList, reference: numbers);

    public static implicit operator Value(double[] numbers) => new(ValueTag.FloatList, reference: numbers);

    public static implicit operator Value(bool[] flags) => new(ValueTag.BoolList, reference: flags);

    public static implicit operator Value(Tensor[] tensors) => new(ValueTag.TensorList, reference: tensors);

    public static implicit operator Value(DType type) => new(ValueTag.Int, (long)type);

    public static implicit operator Value(MemoryFormat format) => new(ValueTag.Int, (long)format);

    public static implicit operator Value(Device device) => new(ValueTag.Device, device.Type, device.Index);
}
