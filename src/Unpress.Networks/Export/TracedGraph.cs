using System.Text;
using Unpress.Torch;

namespace Unpress.Networks.Export;

/// <summary>A tensor of the graph, with what it was in each recording.</summary>
internal sealed class TracedTensor(int place, SeenTensor[] seen)
{
    public int Place => place;

    public Origin Origin => seen[0].Origin;

    public string? Name => seen[0].Name;

    public DType Type => seen[0].Type;

    public int Rank => seen[0].Shape.Length;

    /// <summary>Neither an input nor a weight went into it.</summary>
    public bool IsFixed => seen[0].IsFixed;

    /// <summary>One dimension's size in each recording.</summary>
    public IReadOnlyList<SizeVector> Shape { get; } =
        [.. Enumerable.Range(0, seen[0].Shape.Length).Select(d => new SizeVector([.. seen.Select(one => one.Shape[d])]))];

    /// <summary>Its numbers where they are the same whatever the picture.</summary>
    public byte[]? Constant { get; } = seen[0].IsFixed && seen[0].Bytes is { } bytes
        && seen.All(one => one.Shape.AsSpan().SequenceEqual(seen[0].Shape) && bytes.AsSpan().SequenceEqual(one.Bytes)) ? bytes : null;

    /// <summary>The shape of a constant or a weight.</summary>
    public long[] FixedShape => seen[0].Shape;
}

/// <summary>A whole number in each recording: the same in all, or one that follows the picture's size.</summary>
internal readonly record struct SizeVector(long[] Values)
{
    public bool IsConstant => Values.All(Equal(Values[0]));

    public static SizeVector operator +(SizeVector a, SizeVector b) => new([.. a.Values.Zip(b.Values, (x, y) => x + y)]);

    public static SizeVector operator -(SizeVector a, SizeVector b) => new([.. a.Values.Zip(b.Values, (x, y) => x - y)]);

    public bool Is(long number) => Values.All(Equal(number));

    public bool Equals(SizeVector other) => Values.AsSpan().SequenceEqual(other.Values);

    public override int GetHashCode() => Values.Aggregate(17, HashCode.Combine);

    public override string ToString() => string.Join("/", Values);

    private static Func<long, bool> Equal(long number) => value => value == number;
}

/// <summary>An argument of a step.</summary>
internal sealed record TracedArgument(TracedTensor?[]? Tensors, SizeVector[]? Integers, double? Number);

/// <summary>An operator of the graph.</summary>
internal sealed record TracedStep(string Name, TracedArgument[] Arguments, TracedTensor Result);

/// <summary>
/// What recordings of the same network for several sizes have in common: the same operators in the same order, on numbers that are the same
/// or follow the size. What is computed twice is there once; what nobody uses is not there.
/// </summary>
internal sealed class TracedGraph
{
    private readonly TracedTensor[] _tensors;
    private readonly TracedTensor[] _standsFor;

    private TracedGraph(TracedTensor[] tensors, List<TracedStep> steps)
    {
        _tensors = tensors;
        _standsFor = [.. tensors];
        Steps = Merge(steps);
    }

    /// <summary>In the order in which they can be computed.</summary>
    public IReadOnlyList<TracedStep> Steps { get; }

    public IEnumerable<TracedTensor> Inputs => _tensors.Where(tensor => tensor.Origin == Origin.Input);

    /// <exception cref="ExportException">The network does different things for different sizes.</exception>
    public static TracedGraph Of(IReadOnlyList<Recording> recordings)
    {
        var first = recordings[0];
        foreach (var other in recordings)
            if (!other.Calls.Select(call => call.Name).SequenceEqual(first.Calls.Select(call => call.Name)))
                throw new ExportException($"it calls other operators for another size: {Difference(first, other)}");
        var tensors = Enumerable.Range(0, first.Tensors.Count)
            .Select(k => new TracedTensor(k, [.. recordings.Select(one => one.Tensors[k])])).ToArray();
        var steps = first.Calls.Select((call, k) => new TracedStep(
            call.Name,
            [.. call.Arguments.Select((_, a) => Argument(tensors, [.. recordings.Select(one => one.Calls[k].Arguments[a])], call.Name))],
            tensors[call.Result])).ToList();
        return new TracedGraph(tensors, steps);
    }

    /// <summary>The tensor at a place of the recordings, or the one that it is a second copy of.</summary>
    public TracedTensor At(int place) => _standsFor[place];

    private static TracedArgument Argument(TracedTensor[] tensors, SeenArgument[] seen, string operatorName)
    {
        var first = seen[0];
        if (first.Tensors is { } places)
        {
            return seen.All(one => one.Tensors.AsSpan().SequenceEqual(places))
                ? new TracedArgument([.. places.Select(place => place < 0 ? null : tensors[place])], null, null)
                : throw new ExportException($"{operatorName} gets other tensors for another size");
        }

        if (first.Integers is { } integers)
        {
            return seen.All(one => one.Integers?.Length == integers.Length)
                ? new TracedArgument(null, [.. integers.Select((_, k) => new SizeVector([.. seen.Select(one => one.Integers![k])]))], null)
                : throw new ExportException($"{operatorName} gets another number of sizes for another size");
        }

        return seen.All(one => one.Number.Equals(first.Number))
            ? new TracedArgument(null, null, first.Number)
            : throw new ExportException($"{operatorName} gets a number that follows the size");
    }

    /// <summary>Steps with the same operator and arguments are one.</summary>
    private List<TracedStep> Merge(List<TracedStep> steps)
    {
        var merged = new List<TracedStep>();
        var known = new Dictionary<string, TracedTensor>(StringComparer.Ordinal);
        var constants = new Dictionary<string, TracedTensor>(StringComparer.Ordinal);
        foreach (var tensor in _tensors)
            if (tensor.Constant is { } bytes)
            {
                string key = $"{tensor.Type} {string.Join(',', tensor.FixedShape)} {Convert.ToHexString(bytes)}";
                _standsFor[tensor.Place] = First(constants, key, tensor);
            }

        foreach (var step in steps)
        {
            // A constant is written as its numbers, not as what made them.
            if (step.Result.Constant is not null)
                continue;
            var arguments = step.Arguments.Select(argument => argument.Tensors is null
                ? argument
                : argument with { Tensors = [.. argument.Tensors.Select(tensor => tensor is null ? null : At(tensor.Place))] }).ToArray();
            if (Unchanged(step.Name, arguments, step.Result) is { } same)
                _standsFor[step.Result.Place] = same;
            else if ((_standsFor[step.Result.Place] = First(known, Key(step.Name, arguments), step.Result)) == step.Result)
                merged.Add(new TracedStep(step.Name, arguments, step.Result));
        }

        return merged;
    }

    /// <summary>The argument that an operator gives back as it was; null for one that computes something.</summary>
    private static TracedTensor? Unchanged(string name, TracedArgument[] arguments, TracedTensor result) => name switch
    {
        "aten::alias" or "aten::detach" or "aten::clone" or "aten::contiguous" or "aten::to.device" => arguments[0].Tensors![0],
        "aten::to.dtype" when arguments[0].Tensors![0]!.Type == result.Type => arguments[0].Tensors![0],
        "aten::reshape" or "aten::narrow" when arguments[0].Tensors![0]!.Shape.SequenceEqual(result.Shape) => arguments[0].Tensors![0],
        "aten::repeat" when arguments[1].Integers!.All(times => times.Is(1)) && arguments[0].Tensors![0]!.Rank == result.Rank =>
            arguments[0].Tensors![0],
        _ => null,
    };

    private static TracedTensor First(Dictionary<string, TracedTensor> known, string key, TracedTensor tensor)
    {
        if (known.TryGetValue(key, out var first))
            return first;
        known.Add(key, tensor);
        return tensor;
    }

    private static string Key(string name, TracedArgument[] arguments)
    {
        var key = new StringBuilder(name);
        foreach (var argument in arguments)
        {
            key.Append('(');
            foreach (var tensor in argument.Tensors ?? [])
                key.Append('t').Append(tensor?.Place ?? -1);
            foreach (var integer in argument.Integers ?? [])
                key.Append('i').Append(integer);
            key.Append(argument.Number?.ToString("R", System.Globalization.CultureInfo.InvariantCulture)).Append(')');
        }

        return key.ToString();
    }

    private static string Difference(Recording first, Recording other)
    {
        int k = 0;
        while (k < Math.Min(first.Calls.Count, other.Calls.Count) && first.Calls[k].Name == other.Calls[k].Name)
            k++;
        string Name(Recording recording) => recording.Calls.ElementAtOrDefault(k)?.Name ?? "nothing";
        return $"{Name(first)} or {Name(other)} as number {k}";
    }
}
