using Unpress.Files;

namespace Unpress.Compression;

/// <summary>All pictures of a <see cref="CompressJob"/>, in the order of the inputs, and the inputs that failed.</summary>
public sealed record CompressResult(IReadOnlyList<CompressedPicture> Pictures, IReadOnlyList<InputFault> Failures);
