namespace Unpress.Diagnostics;

/// <summary>A native library in this process.</summary>
/// <param name="Name">Its file name up to <c>.so</c>, such as libvips.</param>
/// <param name="Version">What its file name says, such as 42.16.1; null when it says nothing.</param>
/// <param name="Path">The file that was mapped, links followed.</param>
public sealed record LoadedLibrary(string Name, string? Version, string Path);
