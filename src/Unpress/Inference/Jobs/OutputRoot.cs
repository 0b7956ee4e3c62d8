using Unpress.Files;

namespace Unpress.Inference.Jobs;

/// <summary>The folder of results. Nothing is written outside it, whatever links lie in it.</summary>
/// <param name="folder">Null where results lie beside their inputs: then nothing is checked.</param>
internal sealed class OutputRoot(string? folder)
{
    /// <summary>The last one that was good: results of one folder follow each other.</summary>
    private volatile string? _good;

    /// <exception cref="InvalidFileException">A link on the way to this result leads out of the folder.</exception>
    public void Check(string result)
    {
        if (folder is null || Path.GetDirectoryName(Path.GetFullPath(result)) is not { } place || place == _good)
            return;
        if (!RealPath.IsWithin(RealPath.Of(place), RealPath.Of(folder)))
            throw new InvalidFileException(result, $"a link leads out of {folder}: nothing is written there", fault: FailureCode.CannotWrite);
        _good = place;
    }
}
