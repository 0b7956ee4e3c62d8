using Unpress.Imaging;
using Unpress.Models;
using Unpress.Networks;

namespace Unpress.Downloads;

/// <summary>
/// All published weight files that <c>unpress models fetch</c> knows. A new one is a line here. A hash or a length stands here only where the file's own
/// name has it or two independent sources agree.
/// </summary>
public static class OfficialFiles
{
    private const string Torchvision = "https://download.pytorch.org/models/";
    private const string TorchvisionTerms = "BSD-3-Clause (torchvision); trained on ImageNet, whose terms are non-commercial research";
    private const string Fbcnn = "https://github.com/jiaxi-jiang/FBCNN/releases/download/v1.0/";
    private const string SwinIr = "https://github.com/JingyunLiang/SwinIR/releases/download/v0.0/";
    private const string SwinIrTerms = "Apache-2.0";

    private const string Raw = "https://raw.githubusercontent.com/";
    private const string LiveTerms = "free to use with the notice of the University of Texas at Austin";

    private const string Lpips = Raw + "richzhang/PerceptualSimilarity/082bb24/lpips/weights/v0.1/";
    private const string LpipsTerms = "BSD-2-Clause";
    private const string Pyiqa = "https://huggingface.co/chaofengc/IQA-PyTorch-Weights/resolve/main/";
    private const string PyiqaTerms = "CC BY-NC-SA 4.0: not for commercial use";

    public static IReadOnlyList<OfficialFile> All { get; } =
    [
        new("vgg16", Torchvision + "vgg16-397923af.pth", "vgg16", TorchvisionTerms,
            "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0", 553_433_881),
        new("vgg19", Torchvision + "vgg19-dcbb9e9d.pth", "vgg19", TorchvisionTerms,
            "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44", 574_673_361),
        new("resnet50", Torchvision + "resnet50-0676ba61.pth", "resnet50", TorchvisionTerms,
            "0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a", 102_530_333),
        new("resnet18", "https://api.nuget.org/v3-flatcontainer/microsoft.ml.dnnimagefeaturizer.resnet18/0.24.0/"
                + "microsoft.ml.dnnimagefeaturizer.resnet18.0.24.0.nupkg",
            "resnet18", "MIT (Microsoft.ML.DnnImageFeaturizer.ResNet18); trained on ImageNet, whose terms are non-commercial research",
            "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f", 63_653_533,
            SavedAs: "ResNet18.onnx", Tensors: false, Member: "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx"),
        new("resnet50-2015", Torchvision + "resnet50-19c8e357.pth", "resnet50", TorchvisionTerms, "19c8e357", 102_502_400),
        new("alexnet", Torchvision + "alexnet-owt-7be5be79.pth", "alexnet", TorchvisionTerms,
            "7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02", 244_408_911),
        new("squeezenet1_1", Torchvision + "squeezenet1_1-b8a52dc0.pth", "squeezenet1_1", TorchvisionTerms,
            "b8a52dc049b60e4b6ab68ad0df457362afab8b6304b2febdc1650a5dab4d7e7b", 4_958_839),
        new("inception_v3_fid", "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
            "inception_v3_fid", "Apache-2.0 (pytorch-fid); converted from Google's network of 2015, trained on ImageNet",
            "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2", 95_628_359),
        new("dncnn3", "https://github.com/cszn/KAIR/releases/download/v1.0/dncnn3.pth", "dncnn", "MIT (KAIR)"),
        new("fbcnn_color", Fbcnn + "fbcnn_color.pth", "fbcnn", "Apache-2.0",
            "8b0e4ef23d59cf7ac934a342cb31a17619e4fa4a0b3374a9d78c5174312387e8", 287_755_111),
        new("fbcnn_gray", Fbcnn + "fbcnn_gray.pth", "fbcnn", "Apache-2.0", Set: "channels=1"),
        new("fbcnn_gray_double", Fbcnn + "fbcnn_gray_double.pth", "fbcnn", "Apache-2.0",
            "4444b8b2393649a4acd5d8730410ec3106d15b6e262a49081e4e87b44cfa5cea", 287_745_895, "channels=1"),
        .. ((int[])[10, 20, 30, 40]).Select(quality => new OfficialFile(
            $"swinir_color_jpeg{quality}", $"{SwinIr}006_colorCAR_DFWB_s126w7_SwinIR-M_jpeg{quality}.pth", "swinir", SwinIrTerms,
            quality == 10 ? "0005b707e0e6f75b4d13c7447e2f184858ddbdcec95aa7eb8c07e8afa1d26bd9" : null, quality == 10 ? 102_873_665 : null)),
        .. ((int[])[10, 20, 30, 40]).Select(quality => new OfficialFile(
            $"swinir_gray_jpeg{quality}", $"{SwinIr}006_CAR_DFWB_s126w7_SwinIR-M_jpeg{quality}.pth", "swinir", SwinIrTerms, Set: "channels=1")),
        new("niqe", Raw + "XPixelGroup/BasicSR/8d56e3a/basicsr/metrics/niqe_pris_params.npz", "niqe", LiveTerms,
            "2a7c182a68c9e7f1b2e2e5ec723279d6f65d912b6fcaf37eb2bf03d7367c4296", 11_850),
        new("brisque", Raw + "utlive/BRISQUE/2e2a5ac/MATLAB/allmodel", "brisque", LiveTerms,
            "8b04d6045f1b27261610c8ab1730fdcc14ec80bfab0f1ab5f703bbc2927314de", 353_497, SavedAs: "brisque-allmodel", Tensors: false),
        new("brisque-range", Raw + "utlive/BRISQUE/2e2a5ac/MATLAB/allrange", "brisque", LiveTerms,
            "e47d753d96b631e1aa2dbac8c4e51ade767f2def8ce678c7130b6b3f90ee915f", 741, SavedAs: "brisque-allrange", Tensors: false),
        new("ma", Pyiqa + "NRQM_model.mat", "ma", "MIT (sr-metric)"),
        new("lpips-alex", Lpips + "alex.pth", "lpips-alex", LpipsTerms,
            "df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0", 6_009, SavedAs: "lpips-alex.pth"),
        new("lpips-vgg", Lpips + "vgg.pth", "lpips-vgg", LpipsTerms,
            "a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868", 7_289, SavedAs: "lpips-vgg.pth"),
        new("lpips-squeeze", Lpips + "squeeze.pth", "lpips-squeeze", LpipsTerms,
            "4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76", 10_811, SavedAs: "lpips-squeeze.pth"),
        new("dists", Raw + "dingkeyan93/DISTS/1267d8c/DISTS_pytorch/weights.pt", "dists", "MIT",
            "f5e65c96230b7f6ca995691647d482237e4cab8a50c5c4a5784f219ef0748218", 12_288, SavedAs: "dists-weights.pt"),
        new("topiq-fr", Pyiqa + "cfanet_fr_kadid_res50-2c4cc61d.pth", "topiq-fr", PyiqaTerms, "2c4cc61d"),
        new("topiq-fr-pipal", Pyiqa + "cfanet_fr_pipal_res50-69bbe5ba.pth", "topiq-fr-pipal", PyiqaTerms, "69bbe5ba"),
        new("topiq-nr", Pyiqa + "cfanet_nr_koniq_res50-9a73138b.pth", "topiq-nr", PyiqaTerms, "9a73138b"),
        new("topiq-nr-flive", Pyiqa + "cfanet_nr_flive_res50-ded1c74e.pth", "topiq-nr-flive", PyiqaTerms, "ded1c74e"),
        new("topiq-nr-spaq", Pyiqa + "cfanet_nr_spaq_res50-a7f799ac.pth", "topiq-nr-spaq", PyiqaTerms, "a7f799ac"),
        new("musiq", Pyiqa + "musiq_koniq_ckpt-e95806b9.pth", "musiq", PyiqaTerms, "e95806b9"),
        new("musiq-spaq", Pyiqa + "musiq_spaq_ckpt-358bb6af.pth", "musiq-spaq", PyiqaTerms, "358bb6af"),
        new("musiq-paq2piq", Pyiqa + "musiq_paq2piq_ckpt-364c0c84.pth", "musiq-paq2piq", PyiqaTerms, "364c0c84"),
        new("musiq-ava", Pyiqa + "musiq_ava_ckpt-e8d3f067.pth", "musiq-ava", PyiqaTerms, "e8d3f067"),
        new("hyperiqa", Pyiqa + "HyperIQA-resnet50-koniq10k-c96c41b1.pth", "hyperiqa", PyiqaTerms, "c96c41b1", 109_834_491),
        new("ahiq", Pyiqa + "AHIQ_vit_p8_epoch33-da3ea303.pth", "ahiq", PyiqaTerms + "; its code MIT", "da3ea303"),
        new("resnet50-a1", "https://github.com/rwightman/pytorch-image-models/releases/download/v0.1-rsb-weights/resnet50_a1_0-14fe96d1.pth", "ahiq",
            "Apache-2.0 (timm); trained on ImageNet, whose terms are non-commercial research", "14fe96d1"),
        new("vit-b8",
            "https://storage.googleapis.com/vit_models/augreg/B_8-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.01-res_224.npz",
            "ahiq", "Apache-2.0 (Google Research); trained on ImageNet-21k and ImageNet, whose terms are non-commercial research",
                SavedAs: "vit-b8-augreg.npz"),
        new("clip-rn50", "https://openaipublic.azureedge.net/clip/models/afeb0e10f9e5a86da6080e35cf09123aca3b358a0c3e3b6c78a7b63bc04b6762/RN50.pt",
            "clip-iqa", "MIT (OpenAI)", "afeb0e10f9e5a86da6080e35cf09123aca3b358a0c3e3b6c78a7b63bc04b6762", SavedAs: "clip-RN50.pt"),
    ];

    /// <summary>Where fetched files are kept: the nearest models folder, or one to be made beside the program.</summary>
    public static string Folder => ModelFinder.Folders().FirstOrDefault() ?? Path.Combine(AppContext.BaseDirectory, "models");

    /// <exception cref="ArgumentException">No such file; the message lists the names.</exception>
    public static OfficialFile Find(string name)
        => ByName.Find(All, "file of published weights", name, file => file.Name);

    /// <summary>
    /// The path of a file in a models folder or below it; null when it is not here. Under the name that it has where it is published it counts
    /// too, once it has shown that it is that file: "weights.pt" may be anything.
    /// </summary>
    public static string? PathOf(OfficialFile file)
        => ModelFinder.Folders().SelectMany(folder => Below(folder, file.FileName)).FirstOrDefault()
            ?? (file.SavedAs is null ? null
                : ModelFinder.Folders().SelectMany(folder => Below(folder, file.PublishedName)).FirstOrDefault(path => FileCheck.Fault(file, path) is null));

    /// <summary>The path of a file that was fetched before.</summary>
    /// <exception cref="MissingToolException">It is not here; the message says how to get it.</exception>
    public static string Require(string name)
    {
        var file = Find(name);
        return PathOf(file) ?? throw new MissingToolException(
            $"the weight file {file.FileName}", $"get them with  unpress models fetch {file.Name}  or save {file.Url} as {Path.Combine(Folder, file.FileName)}");
    }

    private static IEnumerable<string> Below(string folder, string name) => Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories);
}

/// <summary>A file of weights as its makers publish it.</summary>
/// <param name="Name">What people ask for: "vgg19".</param>
/// <param name="Url">Where the makers keep it.</param>
/// <param name="For">The network or backbone of ours that takes it.</param>
/// <param name="Licence">Its terms, and those of its training data where they matter.</param>
/// <param name="Sha256">
/// Hexadecimal; the whole hash or its beginning, as torchvision puts the first eight digits into file names; null where nobody we trust says.
/// </param>
/// <param name="Set">Options it needs at <c>unpress import</c>, as <c>--set</c> takes them.</param>
/// <param name="Bytes">Its exact length; null where it is not known for certain.</param>
/// <param name="SavedAs">Its name here, where the one it has there says too little; null to keep that.</param>
/// <param name="Tensors">Whether it is a file of tensors; another form is known by its hash alone.</param>
/// <param name="Member">Its place in the ZIP archive that the makers keep at the URL; null where they keep the file itself.</param>
public sealed record OfficialFile(string Name, string Url, string For, string Licence, string? Sha256 = null, long? Bytes = null,
    string? Set = null, string? SavedAs = null, bool Tensors = true, string? Member = null)
{
    /// <summary>The name it has here.</summary>
    public string FileName => SavedAs ?? PublishedName;

    /// <summary>The name it has where its makers keep it.</summary>
    public string PublishedName => Url[(Url.LastIndexOf('/') + 1)..];
}
