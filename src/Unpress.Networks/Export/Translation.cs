using Unpress.Torch;

namespace Unpress.Networks.Export;

/// <summary>One step on its way into the graph: its arguments as the table of operators asks for them.</summary>
internal sealed class Translation(GraphWriter writer, TracedStep step)
{
    public GraphWriter Writer => writer;

    public TracedTensor Result => step.Result;

    public bool Has(int argument)
        => argument < step.Arguments.Length && step.Arguments[argument] is not { Tensors: null, Integers: null, Number: null };

    public TracedTensor Tensor(int argument)
        => step.Arguments[argument].Tensors?[0] ?? throw Fault($"has no tensor as argument {argument}");

    public IReadOnlyList<TracedTensor?> Tensors(int argument)
        => step.Arguments[argument].Tensors ?? throw Fault($"has no tensors as argument {argument}");

    /// <summary>The value's name.</summary>
    public string In(int argument) => writer.Name(Tensor(argument));

    /// <summary>The value in the result's element type.</summary>
    public string InAsResult(int argument) => As(Tensor(argument), step.Result.Type);

    public string As(TracedTensor tensor, DType type)
        => tensor.Type == type ? writer.Name(tensor) : writer.Node("Cast", [writer.Name(tensor)], ("to", (long)GraphWriter.TypeOf(type)));

    /// <summary>Whole numbers that may follow the picture's size.</summary>
    public SizeVector[] Sizes(int argument)
        => step.Arguments[argument].Integers ?? throw Fault($"has no whole numbers as argument {argument}");

    /// <summary>Whole numbers that are always the same.</summary>
    public long[] Integers(int argument, params long[] usual)
    {
        if (!Has(argument))
            return usual;
        var sizes = Sizes(argument);
        return sizes.All(size => size.IsConstant)
            ? [.. sizes.Select(size => size.Values[0])]
            : throw Fault($"gets a number that follows the size as argument {argument}");
    }

    /// <summary>One for height and one for width.</summary>
    public long[] Pair(int argument, long usual)
    {
        var numbers = Integers(argument, usual);
        return numbers.Length switch
        {
            0 => [usual, usual],
            1 => [numbers[0], numbers[0]],
            _ => numbers,
        };
    }

    public long Integer(int argument, long usual = 0) => Integers(argument, usual)[0];

    public bool Flag(int argument, bool usual = false) => Integer(argument, usual ? 1 : 0) != 0;

    public double Number(int argument, double usual = 0)
        => !Has(argument) ? usual : step.Arguments[argument].Number ?? Integer(argument);

    /// <summary>A dimension from the front; negative ones count from the end of <paramref name="rank"/> dimensions.</summary>
    public static int Dimension(long dimension, int rank) => (int)(dimension < 0 ? dimension + rank : dimension);

    public string Node(string type, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
        => writer.Node(type, inputs, attributes);

    /// <summary>A whole number that follows the picture's size; null for any other.</summary>
    public SizeVector? Sizeable(int argument) => step.Arguments[argument].Integers is [{ IsConstant: false } size] ? size : null;

    /// <summary>A number beside a tensor, in the result's type.</summary>
    public string Scalar(int argument)
    {
        if (Sizeable(argument) is not { } size)
            return writer.Scalar(Number(argument), Result.Type);
        string value = writer.Size(size);
        return Result.Type == DType.Int64 ? value : Node("Cast", [value], ("to", (long)GraphWriter.TypeOf(Result.Type)));
    }

    public ExportException Fault(string what) => new($"{step.Name} {what}, for which there is no translation");
}
