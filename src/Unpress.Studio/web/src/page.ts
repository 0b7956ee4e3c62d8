import { downloadZip } from "client-zip";
import { change, ended, type About, type Engine, type Finding, type Formats, type Model, type Saving, type Work } from "./engine";
import { readJpeg } from "./jpeg";
import { download } from "./server";
import { Runner } from "./runner";

/** What a model of the folder is, as the export wrote it down. */
interface Listed extends Model { multiple: number; fullTo?: number | null }

interface Pixels { width: number; height: number; before: Uint8ClampedArray<ArrayBuffer>; after?: Uint8ClampedArray<ArrayBuffer>; kept?: Uint8ClampedArray<ArrayBuffer> }

const limit = { pixels: 50_000_000, side: 16_384, bytes: 64 << 20 };

/** The page alone: a model of the folder it came from, in a worker of its own. No request leaves its origin. */
export class PageEngine implements Engine {
  readonly promise = "Nothing leaves this page: it works without a server, and offline too.";
  readonly canProve = false;
  readonly canCycle = false;
  readonly formats: Formats[] = [
    { value: "png", title: "PNG, every pixel kept", lossy: "never" },
    { value: "jpeg", title: "JPEG, small, for everywhere", lossy: "always" },
    { value: "webp", title: "WebP, smaller still", lossy: "always" },
  ];

  private readonly pixels = new WeakMap<Work, Pixels>();
  private readonly saved = new WeakMap<Work, { key: string; blob: Blob }>();
  private readonly queue: Work[] = [];
  private listed: Listed[] = [];
  private readonly runner = new Runner();
  private busy?: Work;
  /** A page with pictures must not be loaded again: they would be gone. */
  private used = false;

  constructor() { void stayOffline(() => !this.used); }

  async models(): Promise<Model[]> {
    this.listed = await (await fetch("./models/models.json")).json() as Listed[];
    return this.listed;
  }

  start(file: File, model: string): Work {
    const work: Work = { name: file.name || "picture", file, model, state: "queued", progress: 0, seconds: 0, watch: new Set() };
    this.used = true;
    this.queue.push(work);
    void this.next();
    return work;
  }

  cancel(work: Work): void {
    if (ended(work)) return;
    change(work, { state: "cancelled" });
    if (this.busy !== work) return;
    // A run cannot be asked to stop; the next picture gets a new worker.
    this.runner.stop();
    this.busy = undefined;
    void this.next();
  }

  async views(work: Work): Promise<{ before: string; after: string }> {
    const pixels = this.pixels.get(work)!;
    const [before, after] = await Promise.all([pixels.before, pixels.after!].map(data => encode(pixels, data, "image/png")));
    return { before: URL.createObjectURL(before!), after: URL.createObjectURL(after!) };
  }

  async protect(work: Work, mask: Blob | null): Promise<void> {
    const pixels = this.pixels.get(work)!;
    this.saved.delete(work);
    pixels.kept = mask ? decode(await createImageBitmap(mask)) : undefined;
  }

  async about(work: Work, saving: Saving): Promise<About> {
    const blob = await this.file(work, saving);
    return { name: named(work, saving), bytes: blob.size, note: "camera, date and place are left out: this page cannot keep them, the program does" };
  }

  async save(work: Work, saving: Saving): Promise<void> {
    offer(await this.file(work, saving), named(work, saving));
  }

  async pack(works: Work[], saving: Saving): Promise<void> {
    const names = new Set<string>(), engine = this;
    async function* files() {
      for (const work of works) {
        const wanted = named(work, saving), dot = wanted.lastIndexOf(".");
        let name = wanted;
        for (let number = 2; names.has(name); number++) name = `${wanted.slice(0, dot)}-${number}${wanted.slice(dot)}`;
        names.add(name);
        yield { name, input: await engine.file(work, saving), lastModified: new Date(work.file.lastModified) };
      }
    }
    offer(await downloadZip(files()).blob(), "unpress.zip");
  }

  private async file(work: Work, saving: Saving): Promise<Blob> {
    const key = JSON.stringify(saving), made = this.saved.get(work);
    if (made?.key === key) return made.blob;
    const pixels = this.pixels.get(work)!, { before } = pixels, after = pixels.after!, share = saving.strength / 100;
    const { kept } = pixels, mixed = share === 1 && !kept ? after : new Uint8ClampedArray(before.length);
    if (mixed !== after)
      for (let k = 0; k < mixed.length; k++) mixed[k] = before[k]! + share * (kept ? 1 - kept[k & ~3]! / 255 : 1) * (after[k]! - before[k]!);
    const blob = await encode(pixels, mixed, `image/${saving.format}`, saving.quality === undefined ? undefined : saving.quality / 100);
    this.saved.set(work, { key, blob });
    return blob;
  }

  private async next(): Promise<void> {
    if (this.busy) return;
    const work = this.queue.shift();
    if (!work) return;
    if (ended(work)) return await this.next();
    this.busy = work;
    const start = performance.now();
    try {
      const finding = await this.read(work);
      if (ended(work)) return;
      change(work, { state: "running", finding: finding.finding });
      const pixels = this.pixels.get(work)!;
      const multiple = this.listed.find(model => model.name === work.model)?.multiple ?? 8;
      pixels.after = await this.runner.run({ ...pixels, model: work.model, share: finding.share, multiple }, progress => change(work, { progress }));
      if (!ended(work)) change(work, { state: "done", progress: 1, seconds: (performance.now() - start) / 1000 });
    } catch (error) {
      if (!ended(work)) change(work, { state: "failed", error: error instanceof Error ? error.message : String(error) });
    }
    if (this.busy === work) {
      this.busy = undefined;
      void this.next();
    }
  }

  private async read(work: Work): Promise<{ finding: Finding; share: number }> {
    if (work.file.size > limit.bytes) throw new Error(`the file is larger than ${limit.bytes >> 20} MB`);
    let bitmap: ImageBitmap;
    try {
      bitmap = await createImageBitmap(work.file);
    } catch {
      throw new Error("this browser cannot read it; JPEG, PNG, WebP and AVIF are understood");
    }
    const { width, height } = bitmap;
    if (width > limit.side || height > limit.side || width * height > limit.pixels) throw new Error(`${width} × ${height} pixels are more than this page takes`);
    const before = decode(bitmap);
    this.pixels.set(work, { width, height, before });
    const jpeg = readJpeg(new Uint8Array(await work.file.slice(0, 1 << 20).arrayBuffer()));
    const share = jpeg ? Math.min(1, Math.max(0, (100 - jpeg.quality) / (100 - (this.listed.find(model => model.name === work.model)?.fullTo ?? 90)))) : 1;
    return { finding: describe(width, height, work.file, jpeg, share), share };
  }
}

/** The words of Finding.cs, as far as a browser knows. */
function describe(width: number, height: number, file: File, jpeg: ReturnType<typeof readJpeg>, share: number): Finding {
  const damage = (quality: number) => quality < 25 ? "heavy damage" : quality < 55 ? "visible damage" : quality < 80 ? "some damage" : quality <= 90 ? "little damage" : "hardly any damage";
  const kind = (file.type.split("/")[1] ?? "picture").toUpperCase();
  const words = jpeg
    ? [`JPEG, ${width} × ${height}, saved at quality ${jpeg.quality}: ${damage(jpeg.quality)}.`, ...jpeg.halved ? ["Its colours were stored at half the size."] : []]
    : [`${kind}, ${width} × ${height}. The file does not say how it was compressed before.`];
  const reason = share === 0 ? "Nothing was lost that could be brought back: the picture stays as it is."
    : share < 1 ? `At quality ${jpeg!.quality} a part of the correction is best: at 100 you get ${Math.round(100 * share)} % of it.`
    : jpeg ? "All of the correction helps at this quality." : "All of the correction. Turn it down if it is too much.";
  return { width, height, format: kind.toLowerCase(), quality: jpeg?.quality, bits: 8, provable: false, hasAlpha: false, suggested: 100, reason, words };
}

function decode(bitmap: ImageBitmap): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = bitmap, context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height).data as Uint8ClampedArray<ArrayBuffer>;
}

async function encode(size: { width: number; height: number }, data: Uint8ClampedArray<ArrayBuffer>, type: string, quality?: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  canvas.getContext("2d")!.putImageData(new ImageData(data, size.width, size.height), 0, 0);
  const blob = await canvas.convertToBlob({ type, quality });
  if (blob.type !== type) throw new Error("this browser cannot write that format");
  return blob;
}

function named(work: Work, saving: Saving): string {
  return `${work.name.replace(/\.[^.]*$/, "")}.unpress.${saving.format === "jpeg" ? "jpg" : saving.format}`;
}

function offer(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  download(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The service worker keeps the page for offline use, and lets it use threads; for those it must be loaded once through it. */
async function stayOffline(isUnused: () => boolean): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("offline.js");
    await navigator.serviceWorker.ready;
    if (crossOriginIsolated || sessionStorage.getItem("reloaded") || !isUnused()) return;
    sessionStorage.setItem("reloaded", "yes");
    location.reload();
  } catch {
    // Without it the page works as well, online and with one thread.
  }
}
