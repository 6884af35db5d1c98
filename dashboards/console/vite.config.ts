import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The console is static files under /console: nothing of it is inline, so that its page can forbid whatever is. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  cacheDir: "../../.cache/vite-console",
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "../../.cache/pages/vite",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
