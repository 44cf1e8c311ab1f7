import { fileURLToPath } from "node:url";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.TEPLO_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), { ...optimizeLocales.vite({ locales: ["ru-RU", "en-US"] }), enforce: "pre" }],
  resolve: { alias: { "@kit": here("../kit") } },
  build: { target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: {
    port: 5173,
    strictPort: true,
    fs: { allow: [here("..")] },
    proxy: { "/api": { target: server, ws: true, changeOrigin: true } },
  },
  test: { environment: "node", dir: here(".."), include: ["{kit,desk}/**/*.test.ts"] },
});
