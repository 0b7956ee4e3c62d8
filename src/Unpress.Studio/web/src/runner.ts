import type { Answer, Order, Provider } from "./worker";

/** A picture, the model, and how much of its correction is wanted. */
export interface Task { model: string; width: number; height: number; before: Uint8ClampedArray<ArrayBuffer>; share: number; multiple: number }

type Pixels = Uint8ClampedArray<ArrayBuffer>;

/** Pixels a side of a tile, pixels that it sees around (farther away nothing changes a value by a tenth of a level), and pixels of a picture that is not cut. */
const core = 512, overlap = 64, whole = { wasm: 1_000_000, webgpu: 0 };

/** Seconds until the graphics processor counts as stuck: in its check, and at one tile. */
const patience = { check: 20, tile: 120 };

/** What Chromium and Firefox say of a graphics processor. */
interface Adapter { info?: { isFallbackAdapter?: boolean; architecture?: string }; isFallbackAdapter?: boolean }

/**
 * Runs the model in a worker: on the graphics processor where there is one that is right and fast, else with WASM. Whatever goes wrong with WebGPU, the
 * picture is computed again with WASM, in a new worker. The page's address may end with ?compute=wasm or ?compute=webgpu (then also a slow one).
 */
export class Runner {
  private readonly wanted = new URLSearchParams(location.search).get("compute");
  private worker?: Worker;
  private provider?: Provider;
  private turn = 0;
  private stuck = 0;

  async run(task: Task, progress: (share: number) => void): Promise<Pixels> {
    const { turn } = this;
    this.provider ??= await this.choose();
    if (turn !== this.turn) throw new Error("stopped");
    if (this.provider === "webgpu") {
      const pixels = await this.order(task, "webgpu", progress);
      if (pixels instanceof Uint8ClampedArray) return pixels;
      this.stop();
      remember(pixels.refused);
      this.provider = this.tell("wasm", pixels.refused);
    }
    return await this.order(task, "wasm", progress) as Pixels;
  }

  /** A run cannot be asked to stop; the next picture gets a new worker. */
  stop(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.turn++;
    clearTimeout(this.stuck);
  }

  private async choose(): Promise<Provider> {
    const before = remembered();
    if (this.wanted === "wasm") return this.tell("wasm", "the address says so");
    if (before && this.wanted !== "webgpu") return this.tell("wasm", before);
    if (!("Suspending" in WebAssembly)) return this.tell("wasm", "this browser's WASM cannot wait for WebGPU");
    try {
      const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
      const adapter = await gpu?.requestAdapter();
      if (!adapter) return this.tell("wasm", "this browser has no WebGPU here");
      const isSoftware = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter;
      if (this.wanted !== "webgpu" && (isSoftware || adapter.info?.architecture === "swiftshader")) return this.tell("wasm", "its WebGPU is software");
      return this.tell("webgpu", "");
    } catch (error) {
      return this.tell("wasm", String(error));
    }
  }

  /** For those who want to know where it is computed: attributes of html. */
  private tell(provider: Provider, because: string): Provider {
    Object.assign(document.documentElement.dataset, { compute: provider, computeBecause: because });
    return provider;
  }

  private order(task: Task, provider: Provider, progress: (share: number) => void): Promise<Pixels | { refused: string }> {
    const worker = this.worker ??= new Worker("worker.js", { type: "module" });
    const { model, width, height, share, multiple } = task, anySpeed = this.wanted === "webgpu";
    return new Promise((resolve, reject) => {
      const watch = (seconds: number) => {
        if (provider === "webgpu" && !anySpeed) this.stuck = setTimeout(() => resolve({ refused: `no answer for ${seconds} s` }), 1000 * seconds);
      };
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        clearTimeout(this.stuck);
        if ("checking" in data) watch(patience.check);
        else if ("progress" in data) {
          watch(patience.tile);
          progress(data.progress);
        }
        else if ("pixels" in data) resolve(new Uint8ClampedArray(data.pixels));
        else if ("refused" in data) resolve(data);
        else reject(new Error(data.error));
      };
      worker.onerror = event => {
        clearTimeout(this.stuck);
        const words = event.message || "the model could not be started";
        if (provider === "webgpu") resolve({ refused: words });
        else reject(new Error(words));
      };
      const pixels = task.before.slice().buffer;
      const order: Order = { model, width, height, pixels, share, multiple, core, overlap, whole: whole[provider], provider, anySpeed };
      worker.postMessage(order, [pixels]);
    });
  }
}

/** Why WebGPU was refused, for as long as the tab is open; a browser may keep nothing at all. */
function remember(reason: string): void {
  try {
    sessionStorage.setItem("no-webgpu", reason);
  } catch {
    // Then the next load of the page checks again.
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem("no-webgpu");
  } catch {
    return null;
  }
}
