using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Prometheus;
using Scalar.AspNetCore;
using Unpress.Studio.Jobs;
using Registry = Prometheus.Metrics;

namespace Unpress.Studio.Api;

/// <summary>For who runs it, and for who writes programs for it.</summary>
internal static class OperatorApi
{
    /// <summary>Operations that take pictures, and how many.</summary>
    private static readonly Dictionary<string, int> Takers = new(StringComparer.Ordinal) { ["enhance"] = 1, ["inspect"] = 1, ["protect"] = 1, ["measure"] = 2 };

    public static void AddDescription(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Unpress",
                Version = "1",
                Description = "Takes the damage of lossy compression out of pictures. Everything that the page does, it does by these.",
            };
            document.Servers = [];
            // What is null is not written at all.
            foreach (var schema in document.Components?.Schemas?.Values ?? [])
                foreach (string name in schema.Required?.Where(name => MayBeNull(schema.Properties![name])).ToList() ?? [])
                    schema.Required!.Remove(name);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            if (operation.OperationId is { } id && Takers.TryGetValue(id, out int count))
                operation.RequestBody = Body(count, id == "enhance");
            return Task.CompletedTask;
        });
    });

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        // Its script alone: its own page has some written into it, which the content policy does not allow; docs.html is ours.
        routes.MapScalarApiReference("/scalar");
        routes.MapGet("/health/live", () => TypedResults.Text("alive")).ExcludeFromDescription();
        routes.MapGet("/health/ready", IResult (StudioOptions options, ModelShelf shelf) =>
        {
            try
            {
                shelf.Get(options.Model);
                return TypedResults.Text("ready");
            }
            catch (Exception error) when (Failure.Reason(error) is { } reason)
            {
                return TypedResults.Text(reason, statusCode: 503);
            }
        }).ExcludeFromDescription();
        routes.MapGet("/metrics", async context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await Registry.DefaultRegistry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
        }).ExcludeFromDescription();
    }

    private static bool MayBeNull(IOpenApiSchema schema)
        => (schema.Type ?? 0).HasFlag(JsonSchemaType.Null) || (schema.OneOf ?? []).Any(one => one.Type == JsonSchemaType.Null);

    private static OpenApiRequestBody Body(int count, bool masked)
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        string[] names = masked ? ["file", Uploads.Mask] : count == 1 ? ["file"] : ["original", "other"];
        var form = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = names.ToDictionary(name => name, IOpenApiSchema (_) => file) };
        var content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = form } };
        if (count == 1)
            content["application/octet-stream"] = new OpenApiMediaType { Schema = file };
        return new OpenApiRequestBody { Required = true, Content = content };
    }
}
