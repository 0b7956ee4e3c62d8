namespace Unpress.Cli;

/// <summary>What the program's exit code says to scripts; the same list is in README.md.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Some inputs failed; the others are done.</summary>
    public const int SomeInputsFailed = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;

    /// <summary>This machine lacks something: a library, a model, memory.</summary>
    public const int Environment = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 143;
}
