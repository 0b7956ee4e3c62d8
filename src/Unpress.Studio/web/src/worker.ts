/** Runs a model on a picture, tile by tile, in a thread of its own. */

interface Tensor { data: Float32Array; dispose?: () => void }
interface Session { run(feeds: Record<string, unknown>): Promise<Record<string, Tensor>>; inputNames: string[]; outputNames: string[] }
interface Runtime {
  env: { wasm: { wasmPaths: string; numThreads: number; proxy: boolean }; logLevel: string };
  InferenceSession: { create(model: ArrayBuffer, options: object): Promise<Session> };
  Tensor: new (type: string, data: Float32Array, shape: number[]) => unknown;
}

export interface Order { model: string; width: number; height: number; pixels: ArrayBuffer; share: number; multiple: number; core: number; overlap: number; whole: number }
export type Answer = { progress: number } | { pixels: ArrayBuffer } | { error: string };

let runtime: Promise<Runtime> | undefined;
const sessions = new Map<string, Promise<Session>>();

async function load(): Promise<Runtime> {
  // @ts-expect-error It lies beside this file in the exported folder.
  const loaded = await import("./ort/ort.wasm.min.mjs") as Runtime;
  loaded.env.wasm.wasmPaths = new URL("./ort/", location.href).href;
  loaded.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1;
  loaded.env.logLevel = "error";
  return loaded;
}

async function open(model: string): Promise<Session> {
  const ort = await (runtime ??= load());
  const answer = await fetch(`./models/${model}.onnx`);
  if (!answer.ok) throw new Error(`the model could not be fetched (${answer.status})`);
  return await ort.InferenceSession.create(await answer.arrayBuffer(), { executionProviders: ["wasm"], enableMemPattern: false });
}

self.onmessage = async (event: MessageEvent<Order>) => {
  try {
    const pixels = await restore(event.data);
    answer({ pixels }, [pixels]);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    answer({ error: /memory|bad_alloc|allocat/i.test(words) ? "not enough memory in this browser for a picture of this size" : words });
  }
};

function answer(message: Answer, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

async function restore(order: Order): Promise<ArrayBuffer> {
  const { width } = order;
  const input = new Uint8ClampedArray(order.pixels), output = new Uint8ClampedArray(input);
  if (order.share === 0) return output.buffer;
  let opened = sessions.get(order.model);
  if (!opened) sessions.set(order.model, opened = open(order.model));
  const session = await opened, ort = await runtime!;
  const tiles = cut(order);
  for (const [done, tile] of tiles.entries()) {
    answer({ progress: done / tiles.length });
    const across = tile.seen.right - tile.seen.left, down = tile.seen.bottom - tile.seen.top, plane = across * down;
    const values = new Float32Array(3 * plane);
    for (let y = 0, k = 0; y < down; y++)
      for (let x = 0; x < across; x++, k++) {
        const from = 4 * ((tile.seen.top + y) * width + tile.seen.left + x);
        for (let band = 0; band < 3; band++) values[band * plane + k] = input[from + band]! / 255;
      }
    const results = await session.run({ [session.inputNames[0]!]: new ort.Tensor("float32", values, [1, 3, down, across]) });
    const restored = results[session.outputNames[0]!]!;
    check(restored.data);
    for (let y = tile.core.top; y < tile.core.bottom; y++)
      for (let x = tile.core.left; x < tile.core.right; x++) {
        const to = 4 * (y * width + x), k = (y - tile.seen.top) * across + x - tile.seen.left;
        if (input[to + 3] === 0) continue; // what nobody sees stays
        for (let band = 0; band < 3; band++) {
          const before = values[band * plane + k]!;
          output[to + band] = 255 * (before + order.share * (restored.data[band * plane + k]! - before));
        }
      }
    restored.dispose?.();
  }
  return output.buffer;
}

/** A model's output that is no picture is never shown. */
function check(values: Float32Array): void {
  for (let k = 0; k < values.length; k += 97)
    if (!Number.isFinite(values[k]!)) throw new Error("the model's output is no picture; nothing was kept");
}

/** Cores that cover the picture, each with what the model sees around it. All begin on the model's grid. */
function cut({ width, height, core, overlap, multiple, whole }: Order) {
  const step = width * height <= whole ? Math.max(width, height) : Math.ceil(core / multiple) * multiple;
  const around = Math.ceil(overlap / multiple) * multiple;
  const tiles = [];
  for (let top = 0; top < height; top += step)
    for (let left = 0; left < width; left += step) {
      const right = Math.min(width, left + step), bottom = Math.min(height, top + step);
      tiles.push({
        core: { left, top, right, bottom },
        seen: { left: Math.max(0, left - around), top: Math.max(0, top - around), right: Math.min(width, right + around), bottom: Math.min(height, bottom + around) },
      });
    }
  return tiles;
}
