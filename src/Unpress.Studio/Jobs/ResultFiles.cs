using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;
using Unpress.Inference;
using Unpress.Inference.Jobs;

namespace Unpress.Studio.Jobs;

/// <summary>How a result is to be saved, in the words of the command line.</summary>
internal sealed record SaveOrder(double Strength, ImageFormat Format, int? Quality, ChromaSubsampling Subsampling, MetadataPolicy Metadata, bool Consistent)
{
    /// <summary>The same order always has the same key.</summary>
    public string Key => FormattableString.Invariant($"{Strength:R} {Format} {Quality} {Subsampling} {Metadata} {Consistent}");
}

/// <summary>A result file, ready to be sent.</summary>
/// <param name="Name">What it should be called.</param>
/// <param name="Note">What of the picture's file it does not have; null when there is nothing to say.</param>
/// <param name="Reproduced">Share of the JPEG's coefficients, 0..1, that come back when it is compressed again; null where nobody asked.</param>
internal sealed record ResultFile(string Path, string Name, string Type, long Bytes, string? Note, double? Reproduced);

/// <summary>Makes files of what models made, by the job of the command line, and pictures for the page.</summary>
internal sealed class ResultFiles(StudioFolder folder, JobQueue queue, IPictureFiles pictures, StudioOptions options) : IDisposable
{
    private static readonly SaveOptions ForPage = new() { Format = ImageFormat.Png, Metadata = MetadataPolicy.None };

    /// <summary>Encoders use threads of their own; more at a time would only take memory.</summary>
    private readonly SemaphoreSlim _encoding = new(2, 2);

    /// <summary>The file for this order; made once, then the same.</summary>
    /// <exception cref="StudioException">The picture cannot be saved like this.</exception>
    public async Task<ResultFile> SaveAsync(StudioJob job, SaveOrder order, CancellationToken cancellation)
    {
        using var use = await job.UseAsync(cancellation) ?? throw StudioException.Gone();
        string extension = ImageFormats.Extension(order.Format);
        string name = FileName.OfResult(job.Upload.Name, extension);
        string key = job.Mask is { } mask ? $"{order.Key} {Path.GetFileName(mask.Path)}" : order.Key;
        if (job.Results.TryGetValue(key, out var made))
            return made;
        var enhancer = await EnhancerAsync(job, order.Strength, cancellation);
        string path = folder.NewPath(extension);
        await _encoding.WaitAsync(cancellation);
        try
        {
            var outcome = await Task.Run(() => new EnhanceJob(new EnhanceJobOptions
            {
                Inputs = [job.Upload.Path],
                Output = path,
                Again = true,
                Consistent = order.Consistent,
                Protect = job.Mask is null ? null : new Protection(pictures.Load(job.Mask.Path, cancellation)),
                Threads = options.Threads,
                Files = pictures,
                Save = new SaveOptions
                {
                    Format = order.Format,
                    Quality = order.Quality ?? new SaveOptions().Quality,
                    Lossless = order.Quality is null,
                    Subsampling = order.Subsampling,
                    Metadata = order.Metadata,
                },
            }).Run(enhancer, null, cancellation).Single(), cancellation);
            if (outcome.Error is { } fault)
                throw new StudioException(422, Failure.Clean(fault, path, job.Upload.Path));
            var file = new ResultFile(path, name, MediaType.Of(order.Format), new FileInfo(path).Length, outcome.Note, outcome.Certificate?.Reproduced);
            job.Results[key] = file;
            job.Files[key] = path;
            return file;
        }
        finally
        {
            _encoding.Release();
        }
    }

    /// <summary>Keeps the picture as it was where a mask is white, in all files that are made from now on.</summary>
    /// <param name="mask">The job's from here on; null for none.</param>
    /// <exception cref="StudioException">It is no picture, or not of the picture's size.</exception>
    public async Task ProtectAsync(StudioJob job, Upload? mask, CancellationToken cancellation)
    {
        using var use = await job.UseAsync(cancellation) ?? throw StudioException.Gone();
        if (mask is not null && job.Finding is { } finding)
        {
            var image = await Task.Run(() => pictures.Load(mask.Path, cancellation), cancellation);
            if ((image.Width, image.Height) != (finding.Width, finding.Height))
                throw new StudioException(422, $"the mask is {image.Width}x{image.Height} and the picture {finding.Width}x{finding.Height}; they must be of one size");
        }

        job.Protect(mask);
    }

    public void Dispose() => _encoding.Dispose();

    /// <summary>
    /// A PNG for a page to show: 8 bits, RGB or gray, with the colour profile and nothing else. Null for a strength shows the picture as it
    /// was.
    /// </summary>
    public async Task<string> ViewAsync(StudioJob job, double? strength, CancellationToken cancellation)
    {
        using var use = await job.UseAsync(cancellation) ?? throw StudioException.Gone();
        string key = FormattableString.Invariant($"view {strength}");
        if (job.Files.TryGetValue(key, out string? made))
            return made;
        var enhancer = strength is { } wanted ? await EnhancerAsync(job, wanted, cancellation) : null;
        string path = folder.NewPath(".png");
        await _encoding.WaitAsync(cancellation);
        try
        {
            await Task.Run(() =>
            {
                var image = pictures.Load(job.Upload.Path, cancellation);
                if (enhancer is not null)
                    image = enhancer.Enhance(image, null, null, cancellation);
                ImageFile.Save(PageView.Of(image), path, ForPage);
            }, cancellation);
        }
        catch (InvalidFileException error)
        {
            throw new StudioException(422, Failure.Reason(error, path, job.Upload.Path)!);
        }
        finally
        {
            _encoding.Release();
        }

        return job.Files[key] = path;
    }

    private async Task<KeptEnhancer> EnhancerAsync(StudioJob job, double strength, CancellationToken cancellation)
    {
        string model = job.Order.Model;
        if (job.Kept is null && strength == 100 && job.FullPath is { } full)
        {
            return new KeptEnhancer(model, strength, image => new ImageBuffer(
                image.Width, image.Height, image.Model, image.HasAlpha, image.BitsPerSample, File.ReadAllBytes(full)));
        }

        var correction = await queue.CorrectionOfAsync(job, cancellation);
        return new KeptEnhancer(model, strength, _ => correction.At(strength));
    }
}

/// <summary>Pictures as browsers show them.</summary>
internal static class PageView
{
    public static ImageBuffer Of(ImageBuffer image)
    {
        var shallow = SampleDepth.Convert(image, 8);
        if (shallow.Model != ColourModel.Cmyk)
            return shallow;
        // Without a profile's help: ink takes light away. Its profile is for ink and stays behind.
        var rgb = new ImageBuffer(shallow.Width, shallow.Height, ColourModel.Rgb);
        int bands = shallow.Bands;
        for (int pixel = 0; pixel < shallow.Width * shallow.Height; pixel++)
        {
            var ink = shallow.Data.AsSpan(pixel * bands, 4);
            for (int band = 0; band < 3; band++)
                rgb.Data[(3 * pixel) + band] = (byte)((255 - ink[band]) * (255 - ink[3]) / 255);
        }

        return rgb;
    }
}

/// <summary>What browsers call the formats.</summary>
internal static class MediaType
{
    public static string Of(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "image/jpeg",
        ImageFormat.Png => "image/png",
        ImageFormat.Webp => "image/webp",
        ImageFormat.Tiff => "image/tiff",
        ImageFormat.Heic => "image/heic",
        ImageFormat.Avif => "image/avif",
        ImageFormat.Bmp => "image/bmp",
        ImageFormat.Jp2 => "image/jp2",
        _ => "application/octet-stream",
    };
}

/// <summary>A request that cannot be served, with its HTTP status and one line for people.</summary>
internal sealed class StudioException(int status, string message) : Exception(message)
{
    public int Status => status;

    public static StudioException Gone() => new(410, "this picture has been removed");
}
