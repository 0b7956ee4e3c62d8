using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Torch;

namespace Unpress.Networks.Export;

/// <summary>
/// Writes the operators of a graph with names that a person can read: of weights those of the network's file, of operators the path of the
/// layer whose weights they use and their own kind, <c>/up1/0/conv1/Conv</c>. One without weights belongs to the parent of the layer
/// before.
/// </summary>
internal sealed class GraphWriter(SizeFormulas formulas)
{
    private readonly Dictionary<TracedTensor, string> _values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<SizeFormula, string> _sizes = [];
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<SizeVector, string> _sizeNames = [];
    private string _path = "";

    public GraphProto Graph { get; } = new();

    /// <summary>Adds the network's weights, used or not. What is stored as float16 is cast where it is used first.</summary>
    public void AddWeights(IEnumerable<OnnxWeight> weights)
    {
        foreach (var weight in weights)
        {
            Graph.Initializer.Add(WeightTable.ToProto(weight));
            if (weight.Type != ElementType.Float16)
                _weights.Add(weight.Name, weight.Name);
        }
    }

    /// <summary>Adds an input of the graph.</summary>
    /// <param name="sizes">A number, or a name for any.</param>
    public void AddInput(TracedTensor tensor, params string[] sizes)
    {
        Graph.Input.Add(Describe(tensor.Name!, TypeOf(tensor.Type), sizes));
        _values.Add(tensor, tensor.Name!);
        for (int d = 0; d < tensor.Rank; d++)
            _sizeNames.TryAdd(tensor.Shape[d], sizes[d]);
        formulas.Learn(tensor);
    }

    /// <summary>Writes a step by the table of operators.</summary>
    /// <exception cref="ExportException">
    /// There is no such operator in the table, or it is used in a way that the table does not know.
    /// </exception>
    public void Add(TracedStep step)
    {
        if (!Operators.All.TryGetValue(step.Name, out var translate))
            throw new ExportException($"there is no translation of {step.Name} into ONNX");
        string? weight = step.Arguments.SelectMany(argument => argument.Tensors ?? [])
            .FirstOrDefault(tensor => tensor is { Origin: Origin.Weight })?.Name;
        string path = weight is null ? Parent(_path) : Parent(weight);
        Path = path.Length == 0 ? "" : "/" + path.Replace('.', '/');
        if (weight is not null)
            _path = path;
        _values.Add(step.Result, translate(new Translation(this, step)));
        formulas.Learn(step.Result);
    }

    /// <summary>Where operators are, "/up1/0/conv1".</summary>
    public string Path { get; set; } = "";

    /// <summary>The name of a tensor's value in the graph.</summary>
    public string Name(TracedTensor tensor)
    {
        if (_values.TryGetValue(tensor, out string? known))
            return known;
        if (tensor.Origin == Origin.Weight)
            return Weight(tensor.Name!);
        return tensor.Constant is { } bytes
            ? Constant(TypeOf(tensor.Type), tensor.FixedShape, bytes)
            : throw new ExportException("a constant that is made in C# follows the picture's size; make it of operators");
    }

    /// <summary>Adds an operator with one result.</summary>
    /// <returns>The result's name.</returns>
    public string Node(string type, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        string name = Free($"{Path}/{type}");
        var node = new NodeProto { OpType = type, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        Graph.Node.Add(node);
        return name;
    }

    /// <summary>A list of whole numbers.</summary>
    public string Integers(params long[] numbers)
        => Constant(ElementType.Int64, [numbers.Length], MemoryMarshal.AsBytes<long>(numbers).ToArray());

    /// <summary>A number without dimensions.</summary>
    public string Scalar(double number, DType type) => type switch
    {
        DType.Float32 => Constant(ElementType.Float, [], BitConverter.GetBytes((float)number)),
        DType.Float64 => Constant(ElementType.Double, [], BitConverter.GetBytes(number)),
        DType.Int64 => Constant(ElementType.Int64, [], BitConverter.GetBytes((long)number)),
        _ => throw new ExportException($"a number beside a tensor of {type}"),
    };

    /// <summary>An initializer that is no weight; the same numbers are there once.</summary>
    public string Constant(ElementType type, long[] shape, byte[] bytes)
    {
        string key = $"{type} {string.Join(',', shape)} {Convert.ToHexString(bytes)}";
        if (_constants.TryGetValue(key, out string? known))
            return known;
        string name = Free($"{WeightTable.ConstantPrefix}constant");
        Graph.Initializer.Add(WeightTable.ToProto(new OnnxWeight(name, type, shape, bytes)));
        return _constants[key] = name;
    }

    /// <summary>A list of sizes, constants and formulas mixed.</summary>
    public string Sizes(params IReadOnlyList<SizeVector> sizes)
    {
        if (sizes.All(size => size.IsConstant))
            return Integers([.. sizes.Select(size => size.Values[0])]);
        string[] parts = [.. sizes.Select(Size)];
        return parts.Length == 1 ? parts[0] : Node("Concat", parts, ("axis", 0L));
    }

    /// <summary>One size as a list of one.</summary>
    public string Size(SizeVector size) => Size(formulas.Find(size), size);

    /// <summary>What fills a part up to a whole, as a list of one.</summary>
    public string Rest(SizeVector size, SizeVector whole, SizeVector part) => Size(formulas.FindRest(size, whole, part), size);

    /// <summary>An output, or an inner value whose type is told so that the graph can be cut there: the value gets this name.</summary>
    public void Call(string name, TracedTensor tensor, bool isOutput, params string[] sizes)
    {
        string value = Name(tensor);
        if (Graph.Node.FirstOrDefault(node => node.Output.Contains(value)) is { } maker && !IsNamed(value))
        {
            maker.Output[maker.Output.IndexOf(value)] = name;
            foreach (var node in Graph.Node)
                for (int k = 0; k < node.Input.Count; k++)
                    if (node.Input[k] == value)
                        node.Input[k] = name;
            foreach (var (size, _) in _sizes.Where(entry => entry.Value == value).ToArray())
                _sizes[size] = name;
            _values[tensor] = name;
        }
        else
        {
            Path = "";
            Node("Identity", [value]);
            Graph.Node[^1].Output[0] = name;
            _values[tensor] = name;
        }

        (isOutput ? Graph.Output : Graph.ValueInfo).Add(Describe(name, TypeOf(tensor.Type), sizes));
    }

    /// <summary>
    /// Says the sizes of all values N×C×H×W: numbers where they are fixed, and the same name for those that were equal in every recording. Without
    /// it ONNX Runtime cannot know that two values of a picture of any size are equally large.
    /// </summary>
    public void DescribeValues()
    {
        var made = Graph.Node.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        made.ExceptWith(Graph.Output.Concat(Graph.ValueInfo).Select(named => named.Name));
        foreach (var (tensor, name) in _values.Where(value => value.Key is { Rank: 4, Type: DType.Float32 }))
        {
            if (made.Remove(name))
                Graph.ValueInfo.Add(Describe(name, TypeOf(tensor.Type), [.. tensor.Shape.Select(SizeName)]));
        }
    }

    private string SizeName(SizeVector size)
    {
        if (size.IsConstant)
            return size.Values[0].ToString(CultureInfo.InvariantCulture);
        if (!_sizeNames.TryGetValue(size, out string? name))
            _sizeNames.Add(size, name = string.Create(CultureInfo.InvariantCulture, $"size{_sizeNames.Count}"));
        return name;
    }

    public static ElementType TypeOf(DType type) => type switch
    {
        DType.Float32 => ElementType.Float,
        DType.Float64 => ElementType.Double,
        DType.Float16 => ElementType.Float16,
        DType.BFloat16 => ElementType.BFloat16,
        DType.Int64 => ElementType.Int64,
        DType.Int32 => ElementType.Int32,
        DType.Int16 => ElementType.Int16,
        DType.Int8 => ElementType.Int8,
        DType.UInt8 => ElementType.UInt8,
        _ => ElementType.Bool,
    };

    public static ValueInfoProto Describe(string name, ElementType type, params string[] sizes)
    {
        var shape = new TensorShapeProto();
        foreach (string size in sizes)
        {
            shape.Dim.Add(long.TryParse(size, CultureInfo.InvariantCulture, out long number)
                ? new TensorShapeProto.Types.Dimension { DimValue = number }
                : new TensorShapeProto.Types.Dimension { DimParam = size });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }

    public static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long number:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number);
                break;
            case double number:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, (float)number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case GraphProto graph:
                (attribute.Type, attribute.G) = (AttributeProto.Types.AttributeType.Graph, graph);
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (AttributeProto.Types.AttributeType.Tensor, tensor);
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            default:
                throw new ArgumentException($"no attribute holds a {value.GetType().Name}", nameof(value));
        }

        return attribute;
    }

    private string Weight(string name)
    {
        if (_weights.TryGetValue(name, out string? known))
            return known;
        string before = Path;
        Path = "/" + name.Replace('.', '/');
        string cast = Node("Cast", [name], ("to", (long)ElementType.Float));
        Path = before;
        return _weights[name] = cast;
    }

    private string Size(SizeFormula? formula, SizeVector size)
        => Size(formula ?? throw new ExportException($"no formula gives the sizes {size} from those of the picture"));

    private string Size(SizeFormula formula)
    {
        if (_sizes.TryGetValue(formula, out string? known))
            return known;
        string before = Path;
        string value = formula is SizeFormula.Number number ? Integers(number.Value) : Computed(formula);
        Path = before;
        return _sizes[formula] = value;
    }

    private string Computed(SizeFormula formula)
    {
        switch (formula)
        {
            case SizeFormula.Side side:
                string tensor = Name(side.Tensor);
                Path = "/size";
                return Node("Shape", [tensor], ("start", (long)side.Dimension), ("end", side.Dimension + 1L));
            case SizeFormula.Line line:
                string inner = Size(line.Of);
                Path = "/size";
                inner = Plus(Times(inner, line.Times), line.Before);
                if (line.By != 1)
                    inner = Node("Div", [inner, Integers(line.By)]);
                return Plus(Times(inner, line.Each), line.After);
            case SizeFormula.Missing missing:
                string size = Size(missing.Of);
                Path = "/size";
                return Node("Mod", [Node("Neg", [size]), Integers(missing.Multiple)]);
            case SizeFormula.Product product:
                (string left, string right) = (Size(product.Left), Size(product.Right));
                Path = "/size";
                string area = Times(Node("Mul", [left, right]), product.Times);
                return product.By == 1 ? area : Node("Div", [area, Integers(product.By)]);
            case SizeFormula.Difference difference:
                (string more, string less) = (Size(difference.Left), Size(difference.Right));
                Path = "/size";
                return Plus(Node("Sub", [more, less]), difference.More);
            case SizeFormula.Lack lack:
                string there = Size(lack.Of);
                Path = "/size";
                return Node("Max", [Node("Sub", [Integers(lack.Least), there]), Integers(0)]);
            default:
                throw new ArgumentException($"{formula} is no formula", nameof(formula));
        }
    }

    private string Times(string size, long factor) => factor == 1 ? size : Node("Mul", [size, Integers(factor)]);

    private string Plus(string size, long more) => more == 0 ? size : Node("Add", [size, Integers(more)]);

    private bool IsNamed(string value) => Graph.Output.Concat(Graph.ValueInfo).Any(named => named.Name == value);

    private string Free(string name)
    {
        int count = _taken.GetValueOrDefault(name);
        _taken[name] = count + 1;
        return count == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{count}");
    }

    private static string Parent(string path)
    {
        int dot = path.LastIndexOf('.');
        return dot < 0 ? "" : path[..dot];
    }
}
