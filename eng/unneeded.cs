// dotnet run eng/unneeded.cs -- FOLDER: deletes from a packed program the parts of .NET that nothing in it leads to, and takes them off its list of
// what it consists of (Unpress.Cli.deps.json). Prints what it deleted. Whole assemblies only: the code of those that stay is not touched.
//
// An assembly stays when a type of it is named by one that stays; the program's own and its packages' stay anyway. An assembly that only forwards
// to others (System.Runtime, netstandard) leads to those of the types that are asked of it, not to all.
#:property PublishAot=false
#:property UseSharedCompilation=false
#:property RestorePackagesWithLockFile=false

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;

// What .NET itself loads by name, so that no reference leads there.
string[] loadedByName =
[
    "System.Private.CoreLib", // the start of everything
    "System.Runtime", "mscorlib", "netstandard", // forward to the others; named in strings that name types, as those of converters
    "System.Diagnostics.StackTrace", // the file and line of a failure, in a report of one
];

const string Framework = "runtimepack.Microsoft.NETCore.App.Runtime.";
var folder = args[0];
var list = Path.Combine(folder, "Unpress.Cli.deps.json");
var deps = JsonNode.Parse(File.ReadAllText(list))!;
var target = deps["targets"]!.AsObject().Single(t => t.Value!.AsObject().Any(l => l.Key.StartsWith(Framework))).Value!.AsObject();
// That of ASP.NET stays whole: the studio's parts find one another by more than references.
var framework = target.Single(l => l.Key.StartsWith(Framework)).Value!;
var ofFramework = framework["runtime"]!.AsObject();
var names = ofFramework.Select(f => Path.GetFileNameWithoutExtension(f.Key)).ToHashSet();

var needed = new HashSet<(string Assembly, string? Type)>();
var visited = new HashSet<string>();
var waiting = new Queue<string>();
foreach (var path in Directory.EnumerateFiles(folder, "*.dll").Where(IsManaged))
{
    var name = Path.GetFileNameWithoutExtension(path);
    if (!names.Contains(name) || loadedByName.Contains(name)) waiting.Enqueue(name);
}

while (waiting.TryDequeue(out var name)) Visit(name);

foreach (var name in names.Where(n => !visited.Contains(n)).Order())
{
    var file = new FileInfo(Path.Combine(folder, name + ".dll"));
    if (file.Exists) Console.WriteLine($"{file.Length,9} {name}");
    file.Delete();
    ofFramework.Remove(name + ".dll");
}

File.WriteAllText(list, deps.ToJsonString(new() { WriteIndented = true }));

void Visit(string name)
{
    if (!visited.Add(name)) return;
    using var file = Open(name);
    if (file is null) return;
    var reader = file.GetMetadataReader();
    foreach (var handle in reader.TypeReferences)
    {
        var type = reader.GetTypeReference(handle);
        if (type.ResolutionScope.Kind == HandleKind.AssemblyReference)
        {
            var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
            Ask(reader.GetString(assembly.Name), reader.GetString(type.Namespace) + "." + reader.GetString(type.Name));
        }
    }
}

// The assembly of a type, or those that it is forwarded through.
void Ask(string assembly, string type)
{
    if (!needed.Add((assembly, type))) return;
    using var file = Open(assembly);
    if (file is null) return;
    var reader = file.GetMetadataReader();
    foreach (var handle in reader.ExportedTypes)
    {
        var forwarded = reader.GetExportedType(handle);
        if (forwarded.IsForwarder && forwarded.Implementation.Kind == HandleKind.AssemblyReference
            && reader.GetString(forwarded.Namespace) + "." + reader.GetString(forwarded.Name) == type)
        {
            visited.Add(assembly);
            var to = reader.GetAssemblyReference((AssemblyReferenceHandle)forwarded.Implementation);
            Ask(reader.GetString(to.Name), type);
            return;
        }
    }

    waiting.Enqueue(assembly);
}

PEReader? Open(string name)
{
    var path = Path.Combine(folder, name + ".dll");
    return File.Exists(path) ? new PEReader(File.OpenRead(path)) : null;
}

static bool IsManaged(string path)
{
    using var file = new PEReader(File.OpenRead(path));
    return file.HasMetadata;
}
