namespace Unpress.Downloads;

/// <summary>A file of weights as its makers publish it.</summary>
/// <param name="Name">What people ask for: "vgg19".</param>
/// <param name="Url">Where the makers keep it.</param>
/// <param name="For">The network or backbone of ours that takes it.</param>
/// <param name="Licence">Its terms, and those of its training data where they matter.</param>
/// <param name="Sha256">
/// Hexadecimal; the whole hash or its beginning, as torchvision puts the first eight digits into file names; null where nobody we trust says.
/// </param>
/// <param name="Set">Options it needs at <c>unpress import</c>, as <c>--set</c> takes them.</param>
/// <param name="Bytes">Its exact length; null where it is not known for certain.</param>
/// <param name="SavedAs">Its name here, where the one it has there says too little; null to keep that.</param>
/// <param name="Tensors">Whether it is a file of tensors; another form is known by its hash alone.</param>
public sealed record OfficialFile(string Name, string Url, string For, string Licence, string? Sha256 = null, long? Bytes = null, string? Set = null, string? SavedAs = null, bool Tensors = true)
{
    /// <summary>The name it has here.</summary>
    public string FileName => SavedAs ?? PublishedName;

    /// <summary>The name it has where its makers keep it.</summary>
    public string PublishedName => Url[(Url.LastIndexOf('/') + 1)..];
}
