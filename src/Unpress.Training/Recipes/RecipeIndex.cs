using System.Text.RegularExpressions;

namespace Unpress.Recipes;

/// <summary>
/// Which recipe makes which weights: trainings leave them in <c>runs/NAME/model.safetensors</c>, and other recipes begin with them there.
/// Knows every recipe below a folder with each of its overlays.
/// </summary>
public sealed partial class RecipeIndex
{
    private readonly Dictionary<string, RecipeUse> _uses = new(StringComparer.Ordinal);

    /// <param name="folder">Searched with its subfolders; what is no recipe by itself is passed over.</param>
    public RecipeIndex(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        // An overlay that a recipe has from the one it extends makes weights of that one's name: the one it comes from goes first.
        var files = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories);
        foreach (string file in files.OrderBy(Extends).ThenBy(file => file, StringComparer.Ordinal))
            Add(file);
    }

    /// <summary>The recipes of the current directory, from which all paths in recipes start.</summary>
    public static RecipeIndex Here() => new("recipes");

    /// <summary>The name of the run that leaves this weight file; null where it is no run's.</summary>
    public static string? RunOf(string weights) => Run().Match(weights.Replace('\\', '/')) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>What makes a weight file that is not there; null where no recipe is known to.</summary>
    public RecipeUse? RecipeOf(string weights) => RunOf(weights) is { } run ? _uses.GetValueOrDefault(run) : null;

    /// <summary>"; this makes it: unpress train …", for messages about a weight file that is not there.</summary>
    public static string Advice(string weights)
        => Here().RecipeOf(weights) is { } use ? $"; this makes it: {use.Command}" : "; train the recipe that makes it, or name another file";

    private static bool Extends(string file) => File.ReadLines(file).Any(line => line.StartsWith("extends:", StringComparison.Ordinal));

    private void Add(string file)
    {
        IReadOnlyList<string?> overlays;
        try
        {
            overlays = [null, .. RecipeDocument.Load(file).OverlayNames];
        }
        catch (RecipeException)
        {
            return;
        }

        foreach (string? overlay in overlays)
        {
            try
            {
                foreach (var recipe in Recipe.LoadStages(file, overlay is null ? [] : [overlay]))
                    _uses.TryAdd(recipe.Name, new RecipeUse(file, overlay is null ? [] : [overlay], []));
            }
            catch (RecipeException)
            {
                // A part that others extend, or an overlay that is for another one.
            }
        }
    }

    [GeneratedRegex(@"(?:^|/)runs/([^/\s]+)/model\.safetensors$")]
    private static partial Regex Run();
}

/// <summary>A recipe as a training uses it.</summary>
/// <param name="Sets">What <c>--set</c> says.</param>
public sealed record RecipeUse(string File, IReadOnlyList<string> Overlays, IReadOnlyList<string> Sets)
{
    /// <summary>What a person types.</summary>
    public string Command
        => $"unpress train {File}{string.Concat(Overlays.Select(overlay => $" --overlay {overlay}"))}{string.Concat(Sets.Select(set => $" --set '{set}'"))}";

    /// <exception cref="RecipeException">Everything that is wrong with it.</exception>
    public IReadOnlyList<Recipe> Load() => Recipe.LoadStages(File, Overlays, Sets);
}
