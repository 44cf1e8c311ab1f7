// Fails the build when the widget outgrows its promise to the operator's site.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 20 * 1024;
const dist = new URL("../dist/", import.meta.url);
const size = gzipSync(readFileSync(new URL("widget.js", dist)), { level: 9 }).length;
const others = readdirSync(dist).filter((name) => !["widget.js", "demo.html"].includes(name));
console.log(`widget.js: ${size} bytes gzip of ${LIMIT} (${((size / LIMIT) * 100).toFixed(1)} %)`);
if (others.length > 0) throw new Error(`dist must hold widget.js and demo.html only, found ${others.join(", ")}`);
if (size > LIMIT) throw new Error(`widget.js is ${size - LIMIT} bytes over its limit`);
