// Bundles the page into ../wwwroot and records of which sources it was built: node build.mjs [OUT]
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "wwwroot");

// Types of what the server answers, from its description: the page cannot use what is not there. A test holds that the server still describes itself so.
const { schemas } = JSON.parse(readFileSync(join(here, "openapi.json"), "utf8")).components;
const isNull = schema => schema.type === "null" || schema.type?.includes?.("null") || schema.oneOf?.some(isNull);
const type = schema => {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(" | ");
  if (schema.oneOf) return schema.oneOf.filter(one => !isNull(one)).map(type).join(" | ");
  const plain = [schema.type].flat().find(one => one !== "null");
  if (plain === "array") return isNull(schema.items) ? `(${type(schema.items)} | null)[]` : `${type(schema.items)}[]`;
  return plain === "integer" ? "number" : plain;
};
const members = schema => Object.entries(schema.properties)
  .map(([name, property]) => `  ${name}${schema.required?.includes(name) ? "" : "?"}: ${type(property)};\n`).join("");
const api = "// Made of openapi.json by build.mjs.\n" + Object.entries(schemas).filter(([name]) => !name.startsWith("SseItem"))
  .map(([name, schema]) => schema.properties ? `export interface ${name} {\n${members(schema)}}\n` : `export type ${name} = ${type(schema)};\n`).join("");
const apiFile = join(here, "src", "api.ts");
if (!existsSync(apiFile) || readFileSync(apiFile, "utf8") !== api) writeFileSync(apiFile, api);

// The same sum as in BundleTests.cs: names and contents of all sources, in the order of their names.
const hash = createHash("sha256");
const sources = ["src", "public"].flatMap(folder => readdirSync(join(here, folder)).map(file => `${folder}/${file}`))
  .concat("build.mjs", "openapi.json", "package.json", "package-lock.json").sort();
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
  outdir: out, bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", charset: "utf8", external: ["*.webp", "*.jpg"],
});
writeFileSync(join(out, "built-from.json"), JSON.stringify({ sources: hash.digest("hex") }) + "\n");
