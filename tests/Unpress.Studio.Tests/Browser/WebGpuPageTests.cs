using Microsoft.Playwright;
using Unpress.Studio.Pages;
using static Microsoft.Playwright.Assertions;

namespace Unpress.Studio.Tests.Browser;

/// <summary>The page that needs no server, on a graphics processor: with the same pixels, or not at all.</summary>
public sealed class WebGpuPageTests : IDisposable
{
    /// <summary>The page believes in a graphics processor; what computes is a runtime of the tests.</summary>
    private const string Adapter = """
        Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => ({ info: { isFallbackAdapter: false, architecture: "" } }) } });
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("studio-gpu-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ChromiumFact(runtime: true)]
    public async Task The_pixels_are_those_of_the_server_and_what_was_fetched_is_kept()
    {
        await using var files = await ExportAsync();
        await using var visitor = await ComeAsync(files, "?compute=webgpu", gpu: true);
        await FileServer.RestoredAsTheServerDoesAsync(visitor, TestPictures.Jpeg(width: 48, height: 40), seconds: 900);
        await ComputedAsync(visitor, "webgpu", "");
        foreach (string name in (string[])["ort.jspi.min.mjs", "ort-wasm-simd-threaded.jspi.mjs", "ort-wasm-simd-threaded.jspi.wasm"])
            Assert.True(await visitor.Page.EvaluateAsync<bool>("async name => Boolean(await caches.match(`ort/${name}`))", name), name);
        Assert.Empty(visitor.Complaints);
        Assert.All(visitor.Asked, asked => Assert.True(asked.StartsWith("http://localhost:", StringComparison.Ordinal)
            || asked.StartsWith("blob:", StringComparison.Ordinal), asked));
    }

    [ChromiumFact(runtime: true)]
    public async Task Software_is_not_used_unless_it_is_asked_for()
    {
        await using var files = await ExportAsync();
        await using var visitor = await ComeAsync(files, "", gpu: true);
        await FileServer.RestoredAsTheServerDoesAsync(visitor, TestPictures.Jpeg(width: 48, height: 40));
        await ComputedAsync(visitor, "wasm", "its WebGPU is software");
    }

    /// <summary>Each is what the session on the graphics processor does with what WASM computes; by the page's clock, WASM takes a minute.</summary>
    [ChromiumTheory(runtime: true)]
    [InlineData("return await usual(feeds);", "webgpu", "")]
    [InlineData("return changed(await usual(feeds), 1 / 255);", "wasm", "its pixels differ from those of WASM")]
    [InlineData("return changed(await usual(feeds), NaN);", "wasm", "its pixels differ from those of WASM")]
    [InlineData("ahead += 120_000; return await usual(feeds);", "wasm", "it is slower than WASM")]
    [InlineData("if (++runs > 2) throw new Error('lost'); return await usual(feeds);", "wasm", "lost")]
    [InlineData("return changed(await usual(feeds), ++runs > 2 ? NaN : 0);", "wasm", "the model's output is no picture; nothing was kept")]
    [InlineData("await wait(1e8);", "wasm", "no answer for 20 s")]
    public async Task It_is_used_when_it_is_right_and_never_the_page_s_failure(string run, string computed, string because)
    {
        await using var files = await ExportAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "ort", "ort.jspi.min.mjs"), $$"""
            import * as ort from "./ort.wasm.min.mjs";
            export const { env, Tensor } = ort;
            const wait = time => new Promise(done => setTimeout(done, time));
            const changed = (results, by) => { for (const { data } of Object.values(results)) data[0] += by; return results; };
            const now = performance.now.bind(performance);
            let runs = 0, ahead = 0;
            performance.now = () => now() + ahead;
            export const InferenceSession = {
              async create(model, options) {
                const session = await ort.InferenceSession.create(model, { ...options, executionProviders: ["wasm"] });
                const usual = feeds => session.run(feeds), { inputNames, outputNames } = session, release = () => session.release();
                const run = options.executionProviders[0] === "wasm"
                  ? async feeds => { ahead += 60_000; return await usual(feeds); }
                  : async feeds => { {{run}} };
                return { inputNames, outputNames, release, run };
              },
            };
            """);
        // On a busy machine what is right takes long, too.
        string patience = because.StartsWith("no answer", StringComparison.Ordinal) ? "" : """
            const usual = setTimeout;
            window.setTimeout = (action, time) => usual(action, time >= 20_000 ? 20 * time : time);
            """;
        await using var visitor = await ComeAsync(files, "", script: Adapter + patience);
        await FileServer.RestoredAsTheServerDoesAsync(visitor, TestPictures.Jpeg(width: 64, height: 48));
        await ComputedAsync(visitor, computed, because);
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact(runtime: true)]
    public async Task A_runtime_that_cannot_be_fetched_is_done_without()
    {
        await using var files = await ExportAsync();
        File.Delete(Path.Combine(_folder, "ort", "ort-wasm-simd-threaded.jspi.mjs"));
        await using var visitor = await ComeAsync(files, "", script: Adapter);
        await FileServer.RestoredAsTheServerDoesAsync(visitor, TestPictures.Jpeg(width: 64, height: 48));
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-compute", "wasm");
        Assert.NotEqual("", await visitor.Page.Locator("html").GetAttributeAsync("data-compute-because"));
    }

    private async Task<FileServer> ExportAsync()
    {
        await WebExport.RunAsync(new WebExportOptions { Folder = _folder, Runtime = ChromiumFactAttribute.Runtime, Models = ["lite"] });
        return await FileServer.StartAsync(_folder);
    }

    /// <summary>Until the page has been loaded through its service worker.</summary>
    private static async Task<Visitor> ComeAsync(FileServer files, string query, bool gpu = false, string? script = null)
    {
        var visitor = await Visitor.ComeAsync(new Uri(files.Address, query), gpu: gpu, script: script);
        await visitor.Page.WaitForFunctionAsync("() => crossOriginIsolated && navigator.serviceWorker.controller !== null", null, new() { Timeout = 60_000 });
        await visitor.Page.WaitForSelectorAsync(".landing");
        return visitor;
    }

    private static async Task ComputedAsync(Visitor visitor, string where, string because)
    {
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-compute", where);
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-compute-because", because);
    }
}
