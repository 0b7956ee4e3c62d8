using System.Text.Json;
using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference.Jobs;
using Unpress.Testing;

namespace Unpress.Cli.Tests.Enhance;

/// <summary>What --json prints is what docs/enhance-events.schema.json says.</summary>
public sealed class EventSchemaTests : IDisposable
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(RepoPaths.Combine("docs", "enhance-events.schema.json")))!;

    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_event_of_real_runs_is_described()
    {
        var image = new ImageBuffer(48, 32, ColourModel.Rgb);
        new Random(3).NextBytes(image.Data);
        Directory.CreateDirectory(At("in"));
        File.WriteAllBytes(At("in/a.jpg"), JpegCodec.Instance.Encode(image, new CodecSettings(30)).Bytes);
        ImageFile.Save(image, At("in/b.png"));
        File.WriteAllText(At("in/c.jpg"), "no picture");
        File.WriteAllText(At("in/d.gif"), "GIF89a");
        ImageFile.Save(image, At("original.png"));
        string[][] runs =
        [
            [At("in"), "-o", At("out")],
            [At("in"), "-o", At("out")],
            [At("in/a.jpg"), "-o", At("b.png"), "--consistent", "--compare", "--reference", At("original.png")],
            [At("b.png"), "-o", At("again.png")],
            [At("absent.jpg"), "-o", At("c.png")],
            [At("in"), "-o", At("later"), "--dry-run"],
        ];
        var events = runs.SelectMany(run => CommandLine.Run(["enhance", .. run, "--json"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(
            ["end", "failed", "file", "left", "plan", "progress", "skipped", "start"], events.Select(one => one["event"]!.GetValue<string>()).Distinct().Order());
        Assert.All(events, one => Assert.Null(Fault(Schema, one)));
        Assert.Equal(3, events.Count(one => one["passedOver"]?["gif"]?.GetValue<int>() == 1));
        Assert.Equal(["not-a-picture", "missing"], events.Where(one => one["code"] is not null).Select(one => one["code"]!.GetValue<string>()).Distinct());
        Assert.Contains(events, one => one["certificate"] is not null && one["gain"] is not null && one["comparison"] is not null);
    }

    [Fact]
    public void Every_code_of_a_failure_is_described()
    {
        var failed = Schema["oneOf"]!.AsArray().Single(one => one!["properties"]!["event"]!["const"]!.GetValue<string>() == "failed")!;
        var described = failed["properties"]!["code"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>());
        Assert.Equal(Enum.GetNames<FailureCode>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName), described);
    }

    [Theory]
    [InlineData("""{"event":"end","done":1,"left":0,"skipped":0,"failed":0}""")]
    [InlineData("""{"event":"failed","input":"a","code":"wrong","error":"b"}""")]
    [InlineData("""{"event":"progress","input":"a","tiles":1,"done":1.5}""")]
    [InlineData("""{"event":"start","model":"a","files":"1"}""")]
    [InlineData("""{"event":"start","model":"a","files":1,"more":1}""")]
    public void What_is_not_described_is_found(string line) => Assert.NotNull(Fault(Schema, JsonNode.Parse(line)!));

    /// <summary>The part of JSON Schema that the file uses; null where the value fits.</summary>
    private static string? Fault(JsonNode schema, JsonNode value)
    {
        foreach (var (word, rule) in schema.AsObject())
        {
            string? fault = word switch
            {
                "$schema" or "title" or "description" => null,
                "oneOf" => rule!.AsArray().Count(one => Fault(one!, value) is null) == 1 ? null : $"{value}: not one of the kinds",
                "anyOf" => rule!.AsArray().Any(one => Fault(one!, value) is null) ? null : $"{value}: none of the kinds",
                "const" => JsonNode.DeepEquals(rule, value) ? null : $"{value}: not {rule}",
                "enum" => rule!.AsArray().Any(one => JsonNode.DeepEquals(one, value)) ? null : $"{value}: not in {rule}",
                "type" => IsOf(rule!.GetValue<string>(), value) ? null : $"{value}: no {rule}",
                "minimum" => value.GetValue<double>() >= rule!.GetValue<double>() ? null : $"{value}: below {rule}",
                "maximum" => value.GetValue<double>() <= rule!.GetValue<double>() ? null : $"{value}: above {rule}",
                "required" => rule!.AsArray().FirstOrDefault(name => value[name!.GetValue<string>()] is null) is { } missing ? $"{missing}: missing" : null,
                "additionalProperties" when rule is JsonObject => value.AsObject().Select(one => Fault(rule, one.Value!))
                    .FirstOrDefault(wrong => wrong is not null),
                "additionalProperties" => value.AsObject().Select(one => one.Key).FirstOrDefault(name => schema["properties"]![name] is null),
                "properties" => value.AsObject().Where(one => rule![one.Key] is not null).Select(one => Fault(rule![one.Key]!, one.Value!))
                    .FirstOrDefault(wrong => wrong is not null),
                _ => throw new NotSupportedException(word),
            };
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private static bool IsOf(string type, JsonNode value) => type switch
    {
        "object" => value is JsonObject,
        "string" => value.GetValueKind() == JsonValueKind.String,
        "number" => value.GetValueKind() == JsonValueKind.Number,
        "integer" => value.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() % 1 == 0,
        _ => throw new NotSupportedException(type),
    };

    private string At(string name) => Path.Combine(_folder, name);
}
