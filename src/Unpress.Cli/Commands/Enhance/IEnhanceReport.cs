using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>Tells what an enhancement did: in words or in JSON.</summary>
internal interface IEnhanceReport
{
    void Start(string model, int files);

    void File(EnhanceOutcome outcome);

    void End(int done, int failed, TimeSpan elapsed);
}
