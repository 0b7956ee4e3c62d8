using Unpress.Imaging;
using Unpress.Networks;

namespace Unpress.Tests.Networks;

public sealed class ModelFinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_name_is_found_in_a_models_folder_above_and_a_path_is_itself()
    {
        string below = Directory.CreateDirectory(Path.Combine(_folder, "a", "b")).FullName;
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName, "mine.safetensors");
        File.WriteAllText(file, "");
        Assert.Equal(file, ModelFinder.Find("mine", below));
        Assert.Equal(file, ModelFinder.Find(file, "/"));
        Assert.Contains("mine", Assert.Throws<MissingToolException>(() => ModelFinder.Find("other", below)).Message, StringComparison.Ordinal);
        Assert.Throws<MissingToolException>(() => ModelFinder.Find(Path.Combine(below, "mine.safetensors")));
    }

    [Fact]
    public void A_file_that_is_called_like_a_model_does_not_hide_it()
    {
        string before = Directory.GetCurrentDirectory();
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName, "mine.safetensors");
        File.WriteAllText(file, "");
        File.WriteAllText(Path.Combine(_folder, "mine"), "not weights");
        try
        {
            Directory.SetCurrentDirectory(_folder);
            Assert.Equal(file, ModelFinder.Find("mine", _folder));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }
}
