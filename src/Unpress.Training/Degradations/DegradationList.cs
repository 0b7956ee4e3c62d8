using Unpress.Imaging.Codecs;
using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>The degradations a recipe can name: every codec there is, and histories of several saves.</summary>
public static class DegradationList
{
    private const string History = "history";

    public static IEnumerable<string> Names => CodecList.All.Select(codec => codec.Name).Append(History);

    /// <summary>Whose quality factors a degradation's settings are: those of a history's last save are JPEG's.</summary>
    public static ICodec CodecOf(DegradationSection section) => section.Type == History ? JpegCodec.Instance : CodecList.Find(section.Type);

    /// <param name="encodes">False where only its options count, since the pictures were compressed before.</param>
    /// <exception cref="RecipeException">The type is unknown or its options are wrong, or out of the codec's range.</exception>
    /// <exception cref="Imaging.MissingToolException">This machine cannot run the codec.</exception>
    public static IDegradation Create(DegradationSection section, bool encodes = true)
    {
        if (section.Type == History)
            return new HistoryDegradation(section.Options.Read<HistoryOptions>());
        var codec = CodecList.All.FirstOrDefault(codec => codec.Name == section.Type)
            ?? throw new RecipeException([$"data.degradation.type: expected one of {string.Join(", ", Names)}, got '{section.Type}'"]);
        var options = section.Options.Read<CompressionOptions>();
        string[] faults = [.. options.FaultsFor(codec).Select(fault => $"data.degradation.{fault}")];
        if (faults.Length > 0)
            throw new RecipeException(faults);
        if (encodes)
            _ = codec.Encoder; // a missing program is told now, not by the first patch
        return new CodecDegradation(codec, options);
    }
}
