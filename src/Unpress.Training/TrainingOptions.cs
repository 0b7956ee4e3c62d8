using Unpress.Torch;

namespace Unpress.Training;

/// <summary>What belongs to the machine and not to the recipe.</summary>
public sealed record TrainingOptions
{
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Threads of a CPU training. The same number gives the same bits again.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Go on from the newest checkpoint of the run folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Steps between two reports.</summary>
    public int ReportEvery { get; init; } = 50;

    /// <summary>Where packed training pictures are kept between runs.</summary>
    public required string Cache { get; init; }
}
