import { defineConfig } from "vitest/config";

export default defineConfig({
  // Both production files are served under /widget/ by the server; nothing else is emitted.
  base: "/widget/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    lib: { entry: "src/main.tsx", formats: ["iife"], name: "TeploWidget", fileName: () => "widget.js" },
    cssMinify: true,
    minify: true,
    reportCompressedSize: false,
  },
  test: { include: ["tests/**/*.test.{ts,tsx}"] },
});
