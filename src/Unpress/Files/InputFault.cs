namespace Unpress.Files;

/// <summary>An input that gave no result, and why, in one line without the path.</summary>
public sealed record InputFault(string Path, string Reason)
{
    public override string ToString() => $"{Path}: {Reason}";
}
