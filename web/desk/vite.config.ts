import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.TEPLO_SERVER ?? "http://127.0.0.1:8000";

/** Packs what the server may send packed, once, at the build. */
function pack(folder: string) {
  return {
    name: "pack",
    apply: "build" as const,
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!/\.(js|css|svg|html)$/.test(name)) continue;
        writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), { ...optimizeLocales.vite({ locales: ["ru-RU", "en-US"] }), enforce: "pre" }, pack(here("./dist"))],
  resolve: { alias: { "@kit": here("../kit") } },
  build: { target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: {
    port: 5173,
    strictPort: true,
    fs: { allow: [here("..")] },
    proxy: { "/api": { target: server, ws: true, changeOrigin: false } },
  },
  test: { environment: "node", dir: here(".."), include: ["{kit,desk}/**/*.test.ts"] },
});
