using Unpress.Data;
using Unpress.Inference;
using Unpress.Models;

namespace Unpress.Tests.Models;

/// <summary>Runs when no other test does: it measures the whole process.</summary>
[CollectionDefinition(nameof(OnnxMemoryTests), DisableParallelization = true)]
[Collection(nameof(OnnxMemoryTests))]
public sealed class OnnxMemoryTests
{
    [Fact]
    public void Memory_is_kept_from_run_to_run_until_it_is_trimmed()
    {
        using var model = OnnxModel.Open(ModelFinder.Find("lite"), new OnnxModelOptions { Device = OnnxDevice.Cpu });
        using Planes picture = new(3, 512, 512), first = new(3, 512, 512), second = new(3, 512, 512);
        picture.Values.Fill(0.4f);
        Assert.Equal(0, model.KeptBytes);
        model.Run(new ModelInput { Picture = picture }, first);
        long kept = model.KeptBytes;
        Assert.InRange(kept, 16L << 20, 256L << 20);
        long full = Environment.WorkingSet;
        model.Trim();
        Assert.Equal(0, model.KeptBytes);
        Assert.True(Environment.WorkingSet < full - (kept / 4), $"{kept >> 20} MiB kept, {(full - Environment.WorkingSet) >> 20} given back");
        model.Run(new ModelInput { Picture = picture }, second);
        Assert.True(first.Values.SequenceEqual(second.Values));
    }
}
