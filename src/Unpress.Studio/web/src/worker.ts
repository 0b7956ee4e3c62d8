/** Runs a model on a picture, tile by tile, in a thread of its own. */

interface Tensor { data: Float32Array; dispose?: () => void }
interface Session { run(feeds: Record<string, unknown>): Promise<Record<string, Tensor>>; release(): Promise<void>; inputNames: string[]; outputNames: string[] }
interface Runtime {
  env: { wasm: { wasmPaths: string; numThreads: number; proxy: boolean }; webgpu?: { device?: { lost: Promise<{ message: string }> } }; logLevel: string };
  InferenceSession: { create(model: ArrayBuffer, options: object): Promise<Session> };
  Tensor: new (type: string, data: Float32Array, shape: number[]) => unknown;
}

export interface Order {
  model: string; width: number; height: number; pixels: ArrayBuffer; share: number; multiple: number; core: number; overlap: number; whole: number;
  /** Where it is computed, and whether WebGPU may be slower than WASM. */
  provider: Provider; anySpeed: boolean;
}
export type Provider = "webgpu" | "wasm";
/** checking: from now on an answer is due within seconds. refused: WebGPU cannot be used, and why. */
export type Answer = { progress: number } | { pixels: ArrayBuffer } | { error: string } | { checking: true } | { refused: string };

/** Both providers are in the second file, but that needs a browser whose WASM can wait for promises, and is larger. */
const runtimes = { wasm: "./ort/ort.wasm.min.mjs", webgpu: "./ort/ort.jspi.min.mjs" };

let runtime: Promise<Runtime> | undefined;
const sessions = new Map<string, Promise<Session>>();

async function load(provider: Provider): Promise<Runtime> {
  const loaded = await import(runtimes[provider]) as Runtime;
  loaded.env.wasm.wasmPaths = new URL("./ort/", location.href).href;
  loaded.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1;
  loaded.env.logLevel = "error";
  return loaded;
}

async function open({ model, provider, anySpeed }: Order): Promise<Session> {
  const ort = await (runtime ??= load(provider));
  const answer = await fetch(`./models/${model}.onnx`);
  if (!answer.ok) throw new Error(`the model could not be fetched (${answer.status})`);
  const bytes = await answer.arrayBuffer();
  const create = (provider: Provider) => ort.InferenceSession.create(bytes.slice(0), { executionProviders: [provider], enableMemPattern: false, logSeverityLevel: 3 });
  return provider === "wasm" ? await create(provider) : await checked(ort, create, anySpeed);
}

/** A session on the graphics processor, once it has computed what WASM computes, and not slower. */
async function checked(ort: Runtime, create: (provider: Provider) => Promise<Session>, anySpeed: boolean): Promise<Session> {
  const side = 128, plane = side * side, values = new Float32Array(3 * plane);
  for (let k = 0, grain = 1; k < values.length; k++) {
    grain = Math.imul(grain, 1103515245) + 12345 >>> 0;
    const x = k % side, y = Math.floor(k / side) % side, edge = (x >> 4) + (y >> 4) + Math.floor(k / plane) & 1;
    values[k] = 0.2 + 0.4 * edge + 0.2 * x / side + 0.1 * (grain >>> 16) / 65_536;
  }
  const run = async (session: Session) => {
    const start = performance.now(), result = (await session.run({ [session.inputNames[0]!]: new ort.Tensor("float32", values, [1, 3, side, side]) }))[session.outputNames[0]!]!;
    const data = result.data.slice();
    result.dispose?.();
    return { data, time: performance.now() - start };
  };
  // The first run of each makes its code; the second one counts.
  const plain = await create("wasm"), right = await run(plain), usual = anySpeed ? right : await run(plain);
  await plain.release();
  answer({ checking: true });
  const session = await create("webgpu"), { data } = await run(session);
  if (!data.every((value, k) => Math.abs(value - right.data[k]!) <= 0.5 / 255)) throw new Error("its pixels differ from those of WASM");
  if (!anySpeed && (await run(session)).time > usual.time) throw new Error("it is slower than WASM");
  void ort.env.webgpu?.device?.lost.then(({ message }) => answer({ refused: `the device was lost: ${message}` }));
  return session;
}

self.onmessage = async (event: MessageEvent<Order>) => {
  try {
    const pixels = await restore(event.data);
    answer({ pixels }, [pixels]);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (event.data.provider === "webgpu") answer({ refused: words });
    else answer({ error: /memory|bad_alloc|allocat/i.test(words) ? "not enough memory in this browser for a picture of this size" : words });
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
  if (!opened) sessions.set(order.model, opened = open(order));
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
