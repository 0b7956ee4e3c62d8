using System.CommandLine;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Unpress.Models;
using Unpress.Studio;

namespace Unpress.Cli.Commands.Studio;

/// <summary><c>unpress studio</c>: the same work in a browser, and for programs over HTTP.</summary>
public static class StudioCommand
{
    public static Command Create()
    {
        var port = NumberOption.Of("--port", "Port to listen on; 0 takes any free port.", 5180, 0, 65535);
        var address = new Option<string>("--address")
        {
            Description = "Address to listen on. An address that other computers can reach needs a token.",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var token = new Option<string>("--token") { Description = "The secret that visitors must know; if the address needs one, it is made automatically." };
        var model = new Option<string>("--model") { Description = "The model that is selected at first.", DefaultValueFactory = _ => ModelFinder.Default };
        var lab = new Option<string>("--lab")
        {
            Description = "A folder with trainings, lab reports and models: the page /lab shows its curves, samples, recipes, reports and cards. Read only.",
        };
        var threads = NumberOption.Threads("Threads to compute with.");
        address.Validators.Add(result =>
        {
            if (!IPAddress.TryParse(result.GetValueOrDefault<string>(), out _))
                result.AddError("--address: an IP address, such as 127.0.0.1, or 0.0.0.0 for every one of this computer");
        });
        var command = new Command("studio", "Enhance pictures in the browser: look, compare and choose. Nothing leaves this computer.") { port, address, token,
            model, lab, threads };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, new Choice(parsed.GetRequiredValue(address), parsed.GetValue(port), parsed.GetValue(token),
                parsed.GetRequiredValue(model), parsed.GetValue(lab), parsed.GetValue(threads)), cancellation));
        return command.WithExamples(
            "unpress studio # then open http://localhost:5180/",
            "unpress studio --lab . # and http://localhost:5180/lab shows the trainings and reports below this folder",
            "unpress studio --address 0.0.0.0 # for others in your network, who need the token that is printed");
    }

    // Apart, so that the assemblies of the web server are loaded only by who comes here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunAsync(ParseResult parsed, Choice choice, CancellationToken cancellation)
    {
        var (screen, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var address = IPAddress.Parse(choice.Address);
        ModelFinder.Find(choice.Model); // not found at the first picture
        await using var server = await StudioServer.StartAsync(
            new StudioOptions
            {
                Address = address,
                Port = choice.Port,
                Token = choice.Token ?? (IPAddress.IsLoopback(address) ? null : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))),
                Model = choice.Model,
                Lab = choice.Lab,
                Threads = choice.Threads,
            },
            cancellation);
        screen.WriteLine($"The studio is at {server.Address}");
        if (choice.Lab is not null)
            screen.WriteLine($"The laboratory is at {new UriBuilder(server.Address) { Path = "lab" }.Uri}");
        error.WriteLine(IPAddress.IsLoopback(address)
            ? "Only this computer can open it; nothing leaves it. Ctrl-C ends it."
            : "Others can open it with this address alone; it is not encrypted. Ctrl-C ends it.");
        var stopped = new TaskCompletionSource();
        await using (cancellation.Register(() => stopped.TrySetResult()))
            await stopped.Task;
        await server.StopAsync();
        throw new OperationCanceledException(cancellation);
    }

    private sealed record Choice(string Address, int Port, string? Token, string Model, string? Lab, int Threads);
}
