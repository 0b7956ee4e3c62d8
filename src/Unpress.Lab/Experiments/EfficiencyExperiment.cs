using System.Text.Json.Nodes;
using Unpress.Benchmarks;
using Unpress.Inference;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Lab.Experiments;

/// <summary>What networks cost for one picture: the table of DAGN (TIP 2024, table III), measured as <c>unpress bench networks</c> does.</summary>
public sealed class EfficiencyExperiment : IExperiment
{
    internal const string Parameters = "parameters", Macs = "macs", TableMacs = "table-macs", Milliseconds = "ms", CoreMilliseconds =
        "core-ms", MeasuredSide = "measured-side";

    public string Name => "efficiency";

    public string Summary => "parameters, operations and milliseconds of networks, as bench networks measures them";

    public bool OnPictures => false;

    IReadOnlyList<MetricFacts> IExperiment.OwnColumns { get; } =
    [
        new(Parameters, "Trained numbers", false, "", 0, "what layers share counts once"),
        new(Macs, "Multiply-accumulates for one picture", false, "", 0, "every product once"),
        new(TableMacs, "The same as most tables count it", false, "", 0, "the convention of thop: docs/networks.md"),
        new(Milliseconds, "Time of a pass by the clock", false, "ms", 1,
            "the median; random weights; of slow networks scaled from a smaller picture by operations"),
        new(CoreMilliseconds, "Time that the process had a core in that pass", false, "ms", 1, "says more than the clock on a busy machine"),
        new(MeasuredSide, "Pixels a side of the picture that was timed", true, "", 0, "smaller than the table's: times are scaled", Neither: true),
    ];

    public LabRecipe Complete(LabRecipe recipe) => recipe.Efficiency is null ? recipe with { Efficiency = new EfficiencySection() } : recipe;

    public IEnumerable<string> Faults(LabRecipe recipe)
    {
        if (recipe.Enhancers.Count + recipe.Efficiency!.Networks.Count == 0)
            yield return "there are neither enhancers nor efficiency.networks";
        foreach (var program in recipe.Enhancers.Where(enhancer => enhancer.Command is not null))
            yield return $"{program.Name} is a program, whose operations nobody knows; 'restore' measures its seconds";
    }

    IReadOnlyList<LabMeasure> IExperiment.Measures(LabRecipe recipe) => [];

    IReadOnlyList<ISetMeasure> IExperiment.SetMeasures(LabRecipe recipe) => [];

    void IExperiment.Run(LabSession session, CancellationToken cancellation)
    {
        var section = session.Recipe.Efficiency!;
        TorchRuntime.Threads = section.Threads ?? Environment.ProcessorCount;
        var timer = new NetworkTimer(new NetworkTimerOptions
        {
            Side = section.Side,
            Repeats = section.Repeats,
            Limit = TimeSpan.FromSeconds(section.Limit),
            Device = Devices.Find(section.Device),
        });
        (string Name, string Network, JsonObject? Options)[] systems =
        [
            .. session.Enhancers.Select(enhancer => (enhancer.Name, enhancer.Facts.Network!, enhancer.Options)),
            .. section.Networks.Select(network => (network, network, (JsonObject?)null)),
        ];
        foreach (var (name, network, options) in systems)
        {
            if (!session.Results.Has(Of(session, name, MeasuredSide, 0).Key()))
                Add(session, name, timer.Measure(NetworkCatalog.Find(network), cancellation, options));
            session.Progress?.Invoke(systems.Length);
        }
    }

    private static void Add(LabSession session, string name, NetworkTiming timing)
    {
        var layers = timing.Profile.Layers;
        foreach (var (metric, value) in new (string, double)[]
        {
            (Parameters, layers.Parameters), (Macs, layers.Work.True), (TableMacs, layers.Work.Table),
            (Milliseconds, timing.Milliseconds), (CoreMilliseconds, timing.CoreMilliseconds),
            (MeasuredSide, timing.MeasuredSide), // the last says that it is done
        })
        {
            session.Results.Add(Of(session, name, metric, value));
        }
    }

    private static Figure Of(LabSession session, string name, string metric, double value) => new()
    {
        Experiment = session.Experiment,
        Enhancer = name,
        Codec = "none",
        Set = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{session.Recipe.Efficiency!.Side}x{session.Recipe.Efficiency.Side}"),
        Picture = Figure.WholeSet,
        Cycle = 1,
        Metric = metric,
        Value = value,
    };
}
