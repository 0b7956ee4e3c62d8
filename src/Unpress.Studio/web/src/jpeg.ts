/** What the header of a JPEG says of how it was saved. The sums are those of Unpress.Imaging.Jpeg.QualityEstimate. */
export interface JpegFacts { quality: number; halved: boolean }

const natural = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];
const luma = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const chroma = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
  ...new Array<number>(32).fill(99),
];

/** Null for what is no JPEG. */
export function readJpeg(bytes: Uint8Array): JpegFacts | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const tables: number[][] = [], used: number[] = [], factors: number[] = [];
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda) break;
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!, end = at + 2 + length;
    let place = at + 4;
    if (marker === 0xdb) while (place < end) {
      const deep = bytes[place]! >> 4, table: number[] = [];
      const index = bytes[place++]! & 15;
      for (let k = 0; k < 64; k++) {
        table[natural[k]!] = deep ? bytes[place]! * 256 + bytes[place + 1]! : bytes[place]!;
        place += deep ? 2 : 1;
      }
      tables[index] = table;
    }
    if ([0xc0, 0xc1, 0xc2, 0xc9, 0xca].includes(marker))
      for (let k = 0; k < bytes[at + 9]!; k++) {
        factors.push(bytes[at + 11 + 3 * k]!);
        used.push(bytes[at + 12 + 3 * k]!);
      }
    at = end;
  }
  const first = tables[used[0] ?? -1], second = used.length === 3 ? tables[used[1]!] : undefined;
  return first ? { quality: nearest(first, second), halved: factors.length === 3 && factors[0]! > factors[1]! } : null;
}

function nearest(first: number[], second?: number[]): number {
  let best = 0, least = Infinity;
  for (let quality = 1; quality <= 100; quality++) {
    const distance = apart(first, luma, quality) + (second ? apart(second, chroma, quality) : 0);
    if (distance < least) [best, least] = [quality, distance];
  }
  return best;
}

function apart(table: number[], base: number[], quality: number): number {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  let sum = 0;
  for (let k = 0; k < 64; k++) {
    const standard = Math.min(255, Math.max(1, Math.floor((base[k]! * percent + 50) / 100)));
    sum += Math.abs(Math.log(Math.max(1, table[k]!) / standard));
  }
  return sum / 64;
}
