namespace Unpress.Imaging;

/// <summary>A native library that has been loaded.</summary>
/// <param name="Name">Its usual name.</param>
/// <param name="Version">As the library, or for libjpeg the header it was built with, states it.</param>
/// <param name="Path">The file it was loaded from.</param>
public sealed record NativeLibraryInfo(string Name, string Version, string Path);
