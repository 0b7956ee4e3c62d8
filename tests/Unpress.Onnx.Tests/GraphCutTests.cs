namespace Unpress.Onnx.Tests;

public class GraphCutTests
{
    [Fact]
    public void ASurveyAloneKeepsWhatItNeeds()
    {
        var cut = GraphCut.Cut(SmallModel.Create(), [], ["need"]);

        Assert.Equal(["GlobalAveragePool"], cut.Graph.Node.Select(node => node.OpType));
        Assert.Empty(cut.Graph.Initializer);
        Assert.Equal(["image"], cut.Graph.Input.Select(input => input.Name));
        Assert.Equal(["need"], cut.Graph.Output.Select(output => output.Name));
    }

    [Fact]
    public void AGivenValueIsAnInputAndNotComputed()
    {
        var cut = GraphCut.Cut(SmallModel.Create(), ["need"], ["restored"]);

        Assert.Equal(["Mul", "Add"], cut.Graph.Node.Select(node => node.OpType));
        Assert.Equal(["image", "need"], cut.Graph.Input.Select(input => input.Name));
        Assert.Equal(["restored"], cut.Graph.Output.Select(output => output.Name));
    }

    [Fact]
    public void TheCutIsAModelWithTheSameFacts()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("cut.onnx");

        OnnxFile.Write(path, GraphCut.Cut(SmallModel.Create(), ["need"], ["restored"]));

        Assert.Equal("small", OnnxFile.Read(path).Facts!.Network);
    }

    [Fact]
    public void AnUnknownValueIsNamed()
        => Assert.Contains("'nothing'", Assert.Throws<ArgumentException>(() =>
            GraphCut.Cut(SmallModel.Create(), ["nothing"], ["restored"])).Message, StringComparison.Ordinal);
}
