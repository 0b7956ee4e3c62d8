using Google.Protobuf;
using Unpress.Onnx.Schema;

namespace Unpress.Onnx.Tests;

public class OnnxFileTests
{
    [Fact]
    public void WhatIsWrittenIsRead()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.onnx");

        OnnxFile.Write(path, SmallModel.Create());
        var file = OnnxFile.Read(path);

        Assert.Equal(17, file.Opset);
        Assert.Equal("small", file.Facts!.Network);
        var input = Assert.Single(file.Inputs);
        Assert.Equal("image", input.Name);
        Assert.Equal([null, 3L, null, null], input.Sizes!);
        Assert.Equal(["restored", "need"], file.Outputs.Select(output => output.Name));
        Assert.Equal(["model.onnx"], folder.Names);
        Assert.True(OnnxFile.Recognises(File.ReadAllBytes(path).AsSpan(0, 16)));
    }

    [Fact]
    public void AClassifierRestoresNoPictures()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModel.Create();
        var sizes = model.Graph.Output[0].Type.TensorType.Shape.Dim;
        sizes[1].DimValue = 512;
        Assert.True(Restores()); // its facts say so
        model.MetadataProps.Clear();
        Assert.False(Restores());
        sizes[1].DimValue = 3;
        Assert.True(Restores());
        sizes.RemoveAt(3);
        sizes.RemoveAt(2);
        Assert.False(Restores());
        model.Graph.Output[0].Type.TensorType.Shape = null; // the file does not say
        Assert.True(Restores());

        bool Restores() => OnnxFile.Read(SmallModel.Save(folder, model)).RestoresPictures;
    }

    public static TheoryData<string, Action<ModelProto>> Faults => new()
    {
        { "version 6 of the operators", model => model.OpsetImport[0].Version = 6 },
        { "version 99 of the operators", model => model.OpsetImport[0].Version = 99 },
        { "does not say which version", model => model.OpsetImport.Clear() },
        { "no graph", model => model.Graph = null },
        { "has no output", model => model.Graph.Output.Clear() },
        { "before anything makes it", model => model.Graph.Node[0].Input[0] = "restored" },
        { "before anything makes it", model => model.Graph.Initializer.Clear() },
        { "makes 'need' twice", model => model.Graph.Node[1].Output[0] = "need" },
        { "never makes its output", model => model.Graph.Output[0].Name = "elsewhere" },
        { "less than 2 GiB", model => model.Graph.Initializer[0].Dims[0] = 1L << 40 },
        { "less than 2 GiB", model => model.Graph.Initializer[0].Dims[0] = -1 },
        { "holds 4 bytes", model => model.Graph.Initializer[0].Dims[0] = 2 },
        { "unknown type 77", model => model.Graph.Initializer[0].DataType = 77 },
        { "outside the file's folder", model => External(model, "../secret.bin") },
        { "outside the file's folder", model => External(model, "/etc/passwd") },
        { "no such file beside it", model => External(model, "absent.bin") },
        { "functions of its own", model => model.Functions.Add(new FunctionProto { Name = "f" }) },
        { "sparse tensors", model => model.Graph.SparseInitializer.Add(new SparseTensorProto()) },
        { "'unpress.network' twice", model =>
            model.MetadataProps.Add(new StringStringEntryProto { Key = "unpress.network", Value = "x" }) },
        { "holds the tensor 'scale' twice", model => model.Graph.Initializer.Add(model.Graph.Initializer[0]) },
        { "before anything makes it", model => model.Graph.Node[2].Attribute.Add(Inner("nowhere")) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void AFileThatBreaksARuleIsRefusedWithOneLine(string reason, Action<ModelProto> spoil)
    {
        using var folder = new TemporaryFolder();
        var model = SmallModel.Create();
        spoil(model);
        string path = SmallModel.Save(folder, model);

        var error = Assert.Throws<OnnxFileException>(() => OnnxFile.Read(path));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void ExternalDataInTheFolderIsTaken()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("weights.bin"), new byte[8]);
        var model = SmallModel.Create();
        External(model, "weights.bin", ("offset", "4"), ("length", "4"));

        OnnxFile.Read(SmallModel.Save(folder, model));
    }

    [Theory]
    [InlineData("5", "4")]
    [InlineData("-1", "4")]
    [InlineData("0", "8")]
    [InlineData("9223372036854775807", "4")]
    public void ExternalDataBeyondItsFileIsRefused(string offset, string length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("weights.bin"), new byte[8]);
        var model = SmallModel.Create();
        External(model, "weights.bin", ("offset", offset), ("length", length));

        Assert.Throws<OnnxFileException>(() => OnnxFile.Read(SmallModel.Save(folder, model)));
    }

    [Fact]
    public void AFileCutAnywhereIsRefusedOrWhole()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = SmallModel.Create().ToByteArray();
        string path = folder.File("cut.onnx");
        int refused = 0;
        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes.AsSpan(0, length));
            try
            {
                OnnxFile.Read(path);
            }
            catch (OnnxFileException)
            {
                refused++;
            }
        }

        // A cut between two of the last fields leaves a model with less metadata.
        Assert.InRange(refused, bytes.Length * 9 / 10, bytes.Length);
    }

    [Fact]
    public void ChangedBytesNeverThrowAnythingElse()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = SmallModel.Create().ToByteArray();
        string path = folder.File("changed.onnx");
        var random = new Random(1);
        for (int k = 0; k < 10_000; k++)
        {
            byte[] changed = [.. bytes];
            for (int n = random.Next(1, 4); n > 0; n--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, changed);
            try
            {
                OnnxFile.Read(path);
            }
            catch (OnnxFileException error)
            {
                Assert.DoesNotContain('\n', error.Message);
            }

            try
            {
                OnnxFile.ReadFacts(path);
            }
            catch (OnnxFileException)
            {
            }
        }
    }

    [Theory]
    [InlineData("absent.onnx", "there is no such file")]
    [InlineData("", "is a folder")]
    public void WhatIsNoFileIsSaid(string name, string reason)
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<OnnxFileException>(() => OnnxFile.Read(folder.File(name)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeWrittenLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("taken"));

        Assert.Throws<OnnxFileException>(() => OnnxFile.Write(folder.File("absent/model.onnx"), SmallModel.Create()));
        Assert.Throws<OnnxFileException>(() => OnnxFile.Write(folder.File("taken"), SmallModel.Create()));

        Assert.Equal(["taken"], folder.Names);
    }

    [Fact]
    public void WeightsReturnWhateverFieldHoldsThem()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModel.Create();
        var listed = new TensorProto { Name = "listed", DataType = (int)ElementType.Float };
        listed.Dims.Add(2);
        listed.FloatData.Add([1.5f, -2f]);
        model.Graph.Initializer.Add(listed);
        model.Graph.Initializer.Add(WeightTable.ToProto(new OnnxWeight("/constant", ElementType.Int64, [], new byte[8])));

        var weights = WeightTable.Read(OnnxFile.Read(SmallModel.Save(folder, model)));

        Assert.Equal(["scale", "listed"], weights.Select(weight => weight.Name));
        Assert.Equal([1.5f, -2f], [BitConverter.ToSingle(weights[1].Bytes.Span), BitConverter.ToSingle(weights[1].Bytes.Span[4..])]);
        Assert.Equal(WeightTable.Hash(weights), WeightTable.Hash(weights.Reverse()));
        Assert.NotEqual(WeightTable.Hash(weights), WeightTable.Hash([weights[0]]));
    }

    private static void External(ModelProto model, string location, params (string Key, string Value)[] more)
    {
        var tensor = model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        foreach (var (key, value) in more)
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    private static AttributeProto Inner(string uses)
    {
        var graph = new GraphProto();
        graph.Node.Add(SmallModel.Node("Relu", [uses], "inner"));
        return new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = graph };
    }
}
