// ONNX Runtime's side of bench/forward.py: ONNX PICTURE HEIGHT WIDTH THREADS; see ForwardWorker.cs for the lines it reads.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const ort = require('onnxruntime-node');
const [model, picture, height, width, threads] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: Number(threads), interOpNumThreads: 1, graphOptimizationLevel: 'all',
});
const bytes = readFileSync(picture);
const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const x = new ort.Tensor('float32', floats, [1, 3, Number(height), Number(width)]);
let y;
console.log(`ready ONNX Runtime ${require('onnxruntime-node/package.json').version}, node ${process.version}`);
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('write ')) {
    writeFileSync(line.slice(6), Buffer.from(y.data.buffer, y.data.byteOffset, y.data.byteLength));
    console.log('written');
    continue;
  }
  const start = process.hrtime.bigint();
  y = (await session.run({ x })).y;
  console.log((Number(process.hrtime.bigint() - start) / 1e6).toFixed(3));
}
