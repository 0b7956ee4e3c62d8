using Unpress.Bench;

// "weights", "forward" and "onnx" serve bench/forward.py and bench/sessions.py, which start this, talk to it over stdin and stdout, and compare.
switch (args)
{
    case ["weights", string path]:
        SeededWeights.Save(path);
        return 0;
    case ["forward", string model, string picture, string height, string width, string threads, "fp32" or "bf16"]:
        ForwardWorker.Run(model, picture, long.Parse(height), long.Parse(width), int.Parse(threads), bf16: args[^1] == "bf16");
        return 0;
    case ["onnx", string model, string picture, string height, string width, string threads, string choices]:
        OnnxWorker.Run(model, picture, int.Parse(height), int.Parse(width), int.Parse(threads), choices);
        return 0;
    case ["jpeg", string picture]:
        JpegBench.Run(picture);
        return 0;
    default:
        Console.Error.WriteLine("usage: weights FILE | forward WEIGHTS PICTURE HEIGHT WIDTH THREADS fp32|bf16 | onnx MODEL PICTURE HEIGHT WIDTH THREADS ours|raw[+CHOICE...] | jpeg PICTURE");
        return 2;
}
