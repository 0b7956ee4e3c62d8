using System.Text.Json;
using System.Text.Json.Nodes;

namespace Unpress.Networks;

/// <summary>A network's options as people write them: <c>channels=1</c>, <c>blocks=[1,2,4]</c>, <c>mode=nonlocal</c>.</summary>
public static class OptionText
{
    /// <summary>Null where nothing was said. A value is JSON; what is not JSON is a text.</summary>
    /// <exception cref="ArgumentException">An assignment has no name or no "=".</exception>
    public static JsonObject? Parse(IReadOnlyList<string>? assignments)
    {
        if (assignments is null or [])
            return null;
        var options = new JsonObject();
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new ArgumentException($"--set {assignment}: expected NAME=VALUE");
            options[assignment[..equals]] = Value(assignment[(equals + 1)..]);
        }

        return options;
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
