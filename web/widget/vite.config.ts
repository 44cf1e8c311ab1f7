import { defineConfig } from "vitest/config";

/** Names of ours and of Preact's that no page, server or browser knows: shortened, they give room for features. */
const INNER =
  /^(component[DW]|getDerived|getSnapshot|getChild|shouldComp|defaultProps|debounceRendering|dangerouslySet|contextType|forceUpdate|setState|upTo$|aheadAtFirst|toBottom|lastOwn|leaveGrading|openFile|sendGrade|markRead|liveUrl|atStart|replyAfter|retryAfter|troubled|__\w)/;

const compress = { passes: 4, unsafe: true, unsafe_methods: true, unsafe_arrows: true, pure_getters: true, keep_fargs: false };

/** Two files: the widget, and (mode "call") what it loads when somebody calls. */
export default defineConfig(({ mode }) => {
  const calls = mode === "call";
  return {
    oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" } },
    build: {
      target: "es2022",
      cssTarget: ["chrome123", "firefox121", "safari17.5"],
      emptyOutDir: !calls,
      copyPublicDir: !calls,
      lib: calls
        ? { entry: "src/call/main.ts", formats: ["es"], fileName: () => "call.js" }
        : { entry: "src/main.tsx", formats: ["iife"], name: "TeploWidget", fileName: () => "widget.js" },
      minify: "terser",
      terserOptions: { ecma: 2022, toplevel: true, compress, ...(calls ? { module: true } : { mangle: { properties: { regex: INNER } } }), format: { comments: false } },
      reportCompressedSize: false,
    },
    test: { include: ["tests/**/*.test.{ts,tsx}"] },
  };
});
