using System.Text;

namespace Unpress.Cli;

/// <summary>
/// Standard output and standard error, whose lines cannot hold codes for the terminal, whatever names and messages they are made of. What is written
/// in pieces, as bars are, stays as it is.
/// </summary>
/// <param name="forgiving">
/// What cannot be written is left unsaid: a full disk behind standard error must not end the work. The exit code says the rest.
/// </param>
internal sealed class ConsoleWriter(TextWriter inner, bool forgiving) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>From here on <see cref="Console.Out"/> and <see cref="Console.Error"/> are such writers.</summary>
    public static void Use()
    {
        Console.SetOut(new ConsoleWriter(Console.Out, forgiving: false));
        Console.SetError(new ConsoleWriter(Console.Error, forgiving: true));
    }

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(string.Join('\n', (value ?? "").Split('\n').Select(Printable.Of))));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (forgiving && error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
