namespace Unpress.Imaging.Processes;

/// <summary>What a child process left: its exit code, the bytes of its standard output, the text of its standard error.</summary>
public sealed record ProcessResult(int ExitCode, byte[] Output, string Errors);
