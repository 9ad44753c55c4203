// Gathers the bundles of the official client in a folder, each also compressed, for Atrium to serve.
//
//   node bundles.mjs FOLDER
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

const bundles = ["socket.io", "socket.io.min", "socket.io.msgpack.min", "socket.io.esm.min"];
const files = bundles.flatMap((name) => [`${name}.js`, `${name}.js.map`]);
const encodings = { gz: (x) => gzipSync(x, { level: 9 }), zz: (x) => deflateSync(x, { level: 9 }), br: brotliCompressSync };

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node bundles.mjs FOLDER");
  process.exit(2);
}
// The package's main file stands in build/cjs; its package.json is no export.
const main = createRequire(import.meta.url).resolve("socket.io-client");
const root = main.slice(0, main.lastIndexOf(`${path.sep}build${path.sep}`));

// A folder that is there is whole.
const unfinished = `${folder}.unfinished`;
rmSync(unfinished, { recursive: true, force: true });
mkdirSync(unfinished, { recursive: true });
for (const file of files) {
  const bytes = readFileSync(path.join(root, "dist", file));
  writeFileSync(path.join(unfinished, file), bytes);
  for (const [suffix, compress] of Object.entries(encodings))
    writeFileSync(path.join(unfinished, `${file}.${suffix}`), compress(bytes));
}
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
writeFileSync(path.join(unfinished, "version"), version);
rmSync(folder, { recursive: true, force: true });
renameSync(unfinished, folder);
