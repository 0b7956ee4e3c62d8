namespace Unpress.Imaging;

/// <summary>A program or library this machine does not have; the message is one line that says how to get it.</summary>
public sealed class MissingToolException(string tool, string remedy) : Exception($"{tool} is missing: {remedy}")
{
    public string Tool { get; } = tool;
}
