using System.Text.RegularExpressions;
using Unpress.DataSets;
using Unpress.Lab.Recipes;
using Unpress.Recipes;
using Unpress.Testing;

namespace Unpress.Tests.Lab;

/// <summary>The recipes in lab/ name the runs that the recipes in recipes/ leave, or a command in docs/.</summary>
public sealed partial class LabRecipesTests
{
    private static readonly Lazy<HashSet<string>> Made = new(() =>
    [
        .. Directory.EnumerateFiles(RepoPaths.Combine("recipes"), "*.yaml", SearchOption.AllDirectories).SelectMany(MadeBy),
        .. Directory.EnumerateFiles(RepoPaths.Combine("docs"), "*.md").SelectMany(
            file => Named().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)),
    ]);

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(RepoPaths.Combine("lab"), "*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_run_in_it_is_left_by_a_training(string file)
    {
        string path = RepoPaths.Combine("lab", file);
        var named = Layers(path).SelectMany(overlays => Run().Matches(LabRecipe.Load(path, overlays).ToYaml()).Select(match => match.Groups[1].Value));
        Assert.Equal([], named.Distinct().Except(Made.Value));
    }

    [Fact]
    public void An_entry_stands_for_several_enhancers_that_differ_in_their_names()
    {
        var recipe = LabRecipe.Parse("""
            name: each
            enhancers:
              - each: [{ label: AR-CNN, run: arcnn }, { label: DnCNN, run: dncnn }]
                name: '{label} adapted'
                model: runs/{run}-{codec}{setting}/model.safetensors
                strength: 50
                training: { recipe: 'recipes/idempotent/{run}.yaml', overlays: ['{codec}'], set: ['name={run}-{codec}{setting}'] }
              - { name: lite, model: lite }
            """, "each.yaml");
        Assert.Equal(["AR-CNN adapted", "DnCNN adapted", "lite"], recipe.Enhancers.Select(enhancer => enhancer.Name));
        var second = recipe.Enhancers[1];
        Assert.Equal(("runs/dncnn-{codec}{setting}/model.safetensors", 50), (second.Model, second.Strength));
        Assert.Equal(("recipes/idempotent/dncnn.yaml", "name=dncnn-{codec}{setting}"), (second.Training!.Recipe, Assert.Single(second.Training.Set)));

        string Refused(string enhancers) => Assert.Throws<RecipeException>(() => LabRecipe.Parse($"name: x\nenhancers: {enhancers}\n", "x.yaml")).Message;
        Assert.Contains("no each that says", Refused("[{ name: '{label}', model: lite }]"), StringComparison.Ordinal);
        Assert.Contains("'same' is there twice", Refused("[{ each: [{ label: a, run: a }, { label: b, run: b }], name: same, model: lite }]"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("without-cigm", false, true, "Added", 2)]
    [InlineData("without-csgm", true, false, "Added", 1)]
    [InlineData("without-cfm", true, true, "None", 2)]
    [InlineData("with-cigm", true, false, "None", 1)]
    [InlineData("with-csgm", false, true, "None", 1)]
    [InlineData("with-cfm", false, false, "Added", 1)]
    [InlineData("base", false, false, "None", 0)]
    public void Rows_of_dagns_ablation_differ_in_their_parts_alone(string row, bool insensitive, bool sensitive, string fusion, int encoders)
    {
        string path = RepoPaths.Combine("recipes", "dagn", "dagn.yaml");
        foreach (string size in (string[])["", "small-"])
        {
            string[] sized = size.Length > 0 ? ["small"] : [];
            var whole = Recipe.LoadStages(path, sized)[^1];
            var part = Recipe.LoadStages(path, [.. sized, size + row])[^1];
            Assert.Equal($"dagn-{size}{row}", part.Name);
            var options = part.Network.Options.ToJson();
            Assert.Equal((insensitive, sensitive, fusion), ((bool?)options["insensitiveGuidance"] ?? true,
                (bool?)options["sensitiveGuidance"] ?? true, (string?)options["fusion"] ?? "Added"));
            Assert.Equal(encoders, part.InitParts.Count);
            Assert.All(part.InitParts, one => Assert.Contains(one, whole.InitParts));
            Assert.Equal(whole.ToYaml(), (part with { Name = whole.Name, Network = whole.Network, InitParts = whole.InitParts }).ToYaml());
        }
    }

    /// <summary>
    /// What a researcher types as the recipes say it leads to the pictures: <c>data prepare</c> makes every folder of pictures that they
    /// name.
    /// </summary>
    [Fact]
    public void Every_folder_of_a_published_set_is_one_that_prepare_makes()
    {
        var files = new[] { "lab", "recipes" }.SelectMany(folder => Directory.EnumerateFiles(RepoPaths.Combine(folder), "*.yaml", SearchOption.AllDirectories));
        var named = files.SelectMany(file => Prepared().Matches(File.ReadAllText(file)).Select(match => (File: file, Match: match))).ToList();
        Assert.True(named.Count > 20);
        foreach (var (file, match) in named)
        {
            string name = match.Groups["set"].Value;
            if (name is "imagenet" or "coco" or "voc")
                continue; // used where they are unpacked
            var set = KnownSet.All.SingleOrDefault(set => set.Name == name);
            Assert.True(set is not null, $"{file}: {match.Value}: no set of data prepare");
            Assert.Contains(match.Groups["split"].Value, set.Splits.Select(split => split.Name));
        }
    }

    private static IEnumerable<string> MadeBy(string file)
    {
        // Parts of recipes have no name, and some overlays need another below them.
        foreach (string[] overlays in file.Contains("parts", StringComparison.Ordinal) ? [] : Layers(file))
        {
            IReadOnlyList<Recipe> stages;
            try
            {
                stages = Recipe.LoadStages(file, overlays);
            }
            catch (RecipeException)
            {
                continue;
            }

            foreach (var stage in stages)
                yield return stage.Name;
        }
    }

    /// <summary>No overlay, each alone, each over "small".</summary>
    private static IEnumerable<string[]> Layers(string file)
    {
        string[] names = [.. RecipeDocument.Load(file).OverlayNames];
        return [[], .. names.Select(name => new[] { name }),
            .. names.Contains("small") ? names.Where(name => name != "small").Select(name => new[] { "small", name }) : []];
    }

    [GeneratedRegex(@"(?:path|folder|copies): '?\.\./data/(?<set>[\w-]+)/?(?<split>[\w-]*)")]
    private static partial Regex Prepared();

    [GeneratedRegex(@"\bruns/([\w-]+)(?=/model\.safetensors|\s|$|')")]
    private static partial Regex Run();

    [GeneratedRegex(@"(?: -o runs/| --set name=)([\w-]+)")]
    private static partial Regex Named();
}
