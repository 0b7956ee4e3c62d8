using System.Text.Json;

namespace Unpress.Lab.Reports;

/// <summary>How data is written into the page: the default encoder turns "&lt;" into an escape, so no text can end the script element it stands in.</summary>
internal static class PageJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);
}
