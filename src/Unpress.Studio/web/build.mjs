// Bundles the page into ../wwwroot and records of which sources it was built: node build.mjs [OUT]
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "wwwroot");

// The same sum as in BundleTests.cs: names and contents of all sources, in the order of their names.
const hash = createHash("sha256");
const sources = ["src", "public"].flatMap(folder => readdirSync(join(here, folder)).map(file => `${folder}/${file}`))
  .concat("build.mjs", "package.json", "package-lock.json").sort();
for (const file of sources) {
  hash.update(file + "\n");
  hash.update(readFileSync(join(here, file)));
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
cpSync(join(here, "public"), out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: ["src/app.ts", "src/worker.ts", "src/offline.ts", "src/app.css", "src/lab.ts", "src/lab.css"],
  outdir: out, bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", charset: "utf8", external: ["*.webp", "*.jpg", "./ort/*"],
});
writeFileSync(join(out, "built-from.json"), JSON.stringify({ sources: hash.digest("hex") }) + "\n");
