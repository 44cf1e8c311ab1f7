// Fails the build when the widget outgrows its promise to the operator's site; packs it for the server.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 20 * 1024;
const EXPECTED = ["call.js", "call.js.gz", "demo.html", "demo.js", "widget.js", "widget.js.gz"];
const dist = new URL("../dist/", import.meta.url);
const packed = gzipSync(readFileSync(new URL("widget.js", dist)), { level: 9 });
console.log(`widget.js: ${packed.length} bytes gzip of ${LIMIT} (${((packed.length / LIMIT) * 100).toFixed(1)} %)`);
if (packed.length > LIMIT) throw new Error(`widget.js is ${packed.length - LIMIT} bytes over its limit`);
writeFileSync(new URL("widget.js.gz", dist), packed);
const call = gzipSync(readFileSync(new URL("call.js", dist)), { level: 9 });
console.log(`call.js: ${call.length} bytes gzip, loaded when somebody calls`);
writeFileSync(new URL("call.js.gz", dist), call);
const others = readdirSync(dist).filter((name) => !EXPECTED.includes(name));
if (others.length > 0) throw new Error(`the widget must be one file, and one for calls; found also ${others.join(", ")}`);
