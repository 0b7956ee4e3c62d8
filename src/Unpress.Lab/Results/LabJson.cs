using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Unpress.Lab.Results;

/// <summary>How the files of a run write JSON: camelCase, absent members left out, infinity as the string "Infinity".</summary>
internal static class LabJson
{
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    public static JsonSerializerOptions Document { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
