using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Export;

/// <summary>Where a tensor of a recording comes from.</summary>
internal enum Origin
{
    /// <summary>Given from outside: the picture, coefficients.</summary>
    Input,

    /// <summary>A parameter or buffer of the network.</summary>
    Weight,

    /// <summary>Made in C# from numbers.</summary>
    Constant,

    /// <summary>Computed by an operator.</summary>
    Result,
}

/// <summary>A tensor that was seen.</summary>
/// <param name="Name">Of an input or a weight.</param>
/// <param name="Bytes">The numbers, where nothing but constants went into them and they are not too many.</param>
internal sealed record SeenTensor(Origin Origin, string? Name, DType Type, long[] Shape, byte[]? Bytes)
{
    /// <summary>No input and no weight went into it.</summary>
    public bool IsFixed { get; init; }
}

/// <summary>
/// An argument of an operator: numbers, or tensors by their place in <see cref="Recording.Tensors"/> (-1 for an absent one).
/// </summary>
internal sealed record SeenArgument(int[]? Tensors = null, long[]? Integers = null, double? Number = null)
{
    public bool IsAbsent => Tensors is null && Integers is null && Number is null;
}

/// <summary>An operator that ran.</summary>
internal sealed record SeenCall(string Name, SeenArgument[] Arguments, int Result);

/// <summary>One run of a network for one size of the picture, operator by operator.</summary>
internal sealed class Recording
{
    /// <summary>Constants with more elements are not compared between sizes.</summary>
    private const long LargestConstant = 1 << 22;

    private readonly Dictionary<Tensor, int> _places = new(ReferenceEqualityComparer.Instance);
    private bool _looking;

    public List<SeenTensor> Tensors { get; } = [];

    public List<SeenCall> Calls { get; } = [];

    /// <summary>
    /// Runs <paramref name="run"/> and writes down what happens; it gets this recording, to name its inputs and to find its results.
    /// </summary>
    public static Recording Of(Module network, Action<Recording> run)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var recording = new Recording();
        foreach (var (name, tensor) in network.StateDict())
            if (!recording._places.ContainsKey(tensor))
                recording.Add(tensor, new SeenTensor(Origin.Weight, name, tensor.DType, tensor.Shape, null));
        using (Op.Observe(recording.See))
            run(recording);
        return recording;
    }

    /// <summary>Makes a tensor that is given from outside.</summary>
    public Tensor Input(string name, Func<Tensor> make)
    {
        _looking = true;
        var tensor = make();
        _looking = false;
        Add(tensor, new SeenTensor(Origin.Input, name, tensor.DType, tensor.Shape, null));
        return tensor;
    }

    /// <summary>The place of a result in <see cref="Tensors"/>.</summary>
    public int PlaceOf(Tensor tensor) => _places.TryGetValue(tensor, out int place) ? place : Constant(tensor);

    private int Add(Tensor tensor, SeenTensor seen)
    {
        _places.Add(tensor, Tensors.Count);
        Tensors.Add(seen);
        return Tensors.Count - 1;
    }

    private int Constant(Tensor tensor)
        => Add(tensor, new SeenTensor(Origin.Constant, null, tensor.DType, tensor.Shape, Numbers(tensor)) { IsFixed = true });

    private void See(Op op, ReadOnlySpan<Value> arguments, Tensor result)
    {
        if (_looking)
            return;
        if (op == Op.Read)
        {
            if (!Tensors[PlaceOf(result)].IsFixed)
                throw new ExportException("it decides by numbers that it computes from the picture, which a graph cannot follow");
            return;
        }

        var seen = new SeenArgument[arguments.Length];
        for (int k = 0; k < seen.Length; k++)
            seen[k] = Argument(arguments[k]);
        if (_places.ContainsKey(result))
            throw new ExportException($"{op.Name} changes a tensor in place, which a graph cannot express");
        bool isFixed = seen.SelectMany(argument => argument.Tensors ?? []).All(place => place < 0 || Tensors[place].IsFixed);
        Calls.Add(new SeenCall(op.Name, seen, Tensors.Count));
        byte[]? numbers = isFixed ? Numbers(result) : null;
        Add(result, new SeenTensor(Origin.Result, null, result.DType, result.Shape, numbers) { IsFixed = isFixed });
    }

    private SeenArgument Argument(Value value)
    {
        if (value.Tensor is { } tensor)
            return new SeenArgument([PlaceOf(tensor)]);
        if (value.Tensors is { } tensors)
            return new SeenArgument([.. tensors.Select(entry => entry is null ? -1 : PlaceOf(entry))]);
        if (value.IsNumber)
            return new SeenArgument(Number: value.Number);
        return new SeenArgument(Integers: value.Integers?.ToArray());
    }

    private byte[]? Numbers(Tensor tensor)
    {
        if (tensor.Count > LargestConstant)
            return null;
        _looking = true;
        try
        {
            var bytes = new byte[tensor.Count * tensor.DType.Size()];
            tensor.ReadBytes(bytes);
            return bytes;
        }
        finally
        {
            _looking = false;
        }
    }
}
