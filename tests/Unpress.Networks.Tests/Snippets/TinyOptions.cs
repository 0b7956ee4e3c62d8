namespace Unpress.Tests.Snippets;

public sealed record TinyOptions
{
    public int Channels { get; init; } = 3;

    public int Width { get; init; } = 8;
}
