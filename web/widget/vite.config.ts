import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" } },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox121", "safari17.5"],
    lib: { entry: "src/main.tsx", formats: ["iife"], name: "TeploWidget", fileName: () => "widget.js" },
    minify: "terser",
    terserOptions: { ecma: 2022, toplevel: true, compress: { passes: 4, unsafe: true, unsafe_methods: true, unsafe_arrows: true, pure_getters: true, keep_fargs: false }, format: { comments: false } },
    reportCompressedSize: false,
  },
  test: { include: ["tests/**/*.test.{ts,tsx}"] },
});
