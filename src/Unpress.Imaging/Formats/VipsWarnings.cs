namespace Unpress.Imaging.Formats;

/// <summary>
/// What libvips, and the decoders in it, say on this thread while one file is read. Everything is decoded on the thread that asks for pixels
/// (<see cref="VipsPixels"/>), so the messages of files that are read side by side do not mix.
/// </summary>
internal sealed class VipsWarnings : IDisposable
{
    /// <summary>A hostile file can cause millions.</summary>
    private const int Kept = 64;

    [ThreadStatic]
    private static VipsWarnings? _listening;

    private readonly VipsWarnings? _before = _listening;
    private readonly List<string> _lines = [];

    public VipsWarnings() => _listening = this;

    public IReadOnlyList<string> Lines => _lines;

    public static void Add(string? line)
    {
        if (_listening is { } one && line is not null && one._lines.Count < Kept)
            one._lines.Add(line);
    }

    public void Dispose() => _listening = _before;
}
