using Unpress.Files;
using Unpress.Inference;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>Tells what an enhancement did: in words or in JSON.</summary>
internal interface IEnhanceReport
{
    void Start(string model, int files);

    /// <summary>How far the picture at work is.</summary>
    void Progress(string input, TileProgress progress);

    void File(EnhanceOutcome outcome);

    void End(EnhanceCount count, PassedOver passedOver, TimeSpan elapsed);

    /// <summary>What the run would be.</summary>
    void Plan(EnhancePlan plan, PassedOver passedOver);
}

/// <summary>How many pictures came to what end.</summary>
internal sealed class EnhanceCount
{
    public int Done { get; private set; }

    /// <summary>Restored before: left as they are.</summary>
    public int Left { get; private set; }

    /// <summary>Their results are there already.</summary>
    public int Skipped { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Of the done ones those that lack something of their files, as their notes say.</summary>
    public int Lacking { get; private set; }

    /// <summary>How long the network was at work.</summary>
    public TimeSpan Enhancing { get; private set; }

    public void Add(EnhanceOutcome outcome)
    {
        Enhancing += outcome.Enhancing;
        if (outcome.Error is not null)
            Failed++;
        else if (outcome.Skipped is not null)
            Skipped++;
        else if (outcome.LeftAlone is not null)
            Left++;
        else
            (Done, Lacking) = (Done + 1, Lacking + (outcome.Note is null ? 0 : 1));
    }
}
