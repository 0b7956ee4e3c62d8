using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Models;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>
/// What restores the pictures of <c>enhance</c>, by its options: a model in ONNX Runtime, a network in libtorch, another program. Nothing of libtorch
/// is touched before it is chosen.
/// </summary>
internal sealed class EnhancerChoice
{
    private readonly Option<string> _model = new("--model")
    {
        Description = "The name of a model in the models folder, an .onnx file, or a .safetensors file.",
        DefaultValueFactory = _ => ModelFinder.Default,
    };

    private readonly Option<string> _facts = FactsOption.Create();

    private readonly Option<string> _program = new("--program")
    {
        Description =
            "Use another program instead of a model: 'NAME {in} {out}', where {in} is a PNG to read and {out} the picture to write; {jpeg} is the JPEG itself.",
    };

    private readonly Option<double> _strength = NumberOption.Of(
        "--strength", "How much of the change to make: 0 returns the input's pixels, 100 those of the network.", 100.0, 0, 100);

    private readonly Option<int?> _qf = NumberOption.Maybe(
        "--qf", "1 to 100: the quality factor the pictures were compressed with, for models that take one; else they find it themselves.", 1, 100);

    private readonly Option<string> _engine = Choice(
        "--engine", "What computes a model: ONNX Runtime, or libtorch where the workshop is set up; auto takes what runs the file fastest.", Engines.All);

    private readonly Option<string> _device = Choice(
        "--device", "Where to compute, of what the engine's library was built for; auto takes a graphics card where one works.", [.. OnnxDevice.All]);

    private readonly Option<string> _precision = Choice(
        "--precision", "Of libtorch; auto takes bf16 only where the CPU has it and the picture does not suffer.", ["auto", "fp32", "bf16"]);

    private readonly Option<string> _memory = new("--memory")
    {
        Description = "How much memory to use, such as 2G or 512M; large pictures are cut into tiles.",
        DefaultValueFactory = _ => "2G",
    };

    public EnhancerChoice()
    {
        _program.Validators.Add(result => Refuse(result, ExternalEnhancer.Fault));
        _memory.Validators.Add(result => Refuse(result, ByteSize.Fault));
    }

    /// <summary>Threads to compute with; for the rest of the job, too.</summary>
    public Option<int> Threads { get; } = NumberOption.Threads("Threads to compute with.");

    /// <summary>In the order in which help lists them.</summary>
    public IEnumerable<Option> Options => [_model, _facts, _program, _strength, _qf, _engine, _device, _precision, _memory, Threads];

    /// <summary>Options that contradict each other.</summary>
    public void Check(CommandResult result)
    {
        if (result.GetResult(_program) is null)
            return;
        foreach (var other in Options.Where(option => option != _program && option != Threads && result.GetResult(option) is { Implicit: false }))
            result.AddError($"{other.Name} belongs to models, not to --program");
    }

    /// <summary>In one line what of these options a result depends on, the model by its bytes; then what others add.</summary>
    public string Settings(ParseResult parsed, string others)
    {
        string what = parsed.GetValue(_program) is { } program ? $"program={program}" : $"model={Hash(ModelFinder.Find(parsed.GetRequiredValue(_model)))}";
        return $"{what} {string.Join(' ', new Option[] { _facts, _strength, _qf, _engine, _precision }.Select(option => $"{option.Name}={Text(parsed, option)}"))} {others}";
    }

    private static string Text(ParseResult parsed, Option option)
        => Convert.ToString(parsed.GetResult(option)?.GetValueOrDefault<object?>(), CultureInfo.InvariantCulture) ?? "";

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Sha256.Of(stream);
    }

    /// <summary>Bytes of <c>--memory</c>.</summary>
    public long MemoryOf(ParseResult parsed) => ByteSize.Parse(parsed.GetRequiredValue(_memory));

    /// <exception cref="MissingToolException">There is no such model, engine or device here.</exception>
    /// <exception cref="ArgumentException">An option does not fit the model.</exception>
    public IEnhancer Open(ParseResult parsed)
    {
        if (parsed.GetValue(_program) is { } program)
            return new ExternalEnhancer(Path.GetFileName(program.Split(' ', 2)[0]), program, TimeSpan.FromHours(1));
        string name = parsed.GetRequiredValue(_model);
        var model = Engines.Open(ModelFinder.Find(name), new EngineOptions
        {
            Engine = parsed.GetRequiredValue(_engine),
            Device = parsed.GetRequiredValue(_device),
            Precision = parsed.GetRequiredValue(_precision),
            Threads = parsed.GetValue(Threads),
            Facts = parsed.Facts(_facts),
        });
        try
        {
            return new ModelEnhancer(name, model, new ModelEnhancerOptions
            {
                Strength = parsed.GetValue(_strength),
                Quality = parsed.GetValue(_qf),
                Memory = MemoryOf(parsed),
            });
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Refuse(OptionResult result, Func<string, string?> fault)
    {
        if (result.GetValueOrDefault<string?>() is { } text && fault(text) is { } wrong)
            result.AddError(wrong);
    }

    private static Option<string> Choice(string name, string description, string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
