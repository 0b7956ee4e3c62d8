using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>Tells what an enhancement did: in words or in JSON.</summary>
internal interface IEnhanceReport
{
    void Start(string model, int files);

    void File(EnhanceOutcome outcome);

    /// <param name="left">Pictures that were left as they are.</param>
    void End(int done, int left, int failed, TimeSpan elapsed);
}
