import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" } },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    lib: { entry: "src/main.tsx", formats: ["iife"], name: "TeploWidget", fileName: () => "widget.js" },
    minify: "terser",
    terserOptions: { ecma: 2020, toplevel: true, compress: { passes: 3, unsafe_arrows: true, keep_fargs: false }, format: { comments: false } },
    reportCompressedSize: false,
  },
  test: { include: ["tests/**/*.test.{ts,tsx}"] },
});
