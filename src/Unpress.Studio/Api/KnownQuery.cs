using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Unpress.Imaging;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>A parameter that nobody reads is a mistyped one: it is named instead of being passed over.</summary>
internal static class KnownQuery
{
    /// <summary>What <see cref="Gate"/> reads of every address.</summary>
    private const string Token = "token";

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is { } endpoint && context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
        {
            var known = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Select(NameOf).ToList();
            foreach (string name in context.Request.Query.Keys)
            {
                if (name != Token && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
                    throw new StudioException(400, $"there is no parameter {FileName.Shown(name)}{ByName.Meant(name, known)}");
            }
        }

        return next(context);
    }

    private static string NameOf(IParameterBindingMetadata parameter)
        => parameter.ParameterInfo.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name;
}
