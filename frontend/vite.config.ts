import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where the package keeps the pages; `pip` and the server look there. */
const OUT = "../prodiguer/web/static";
const SERVER = process.env["PRODIGUER_SERVER"] ?? "http://127.0.0.1:8080";
const PRESSED = new Set([".js", ".css", ".html", ".svg"]);

/** Puts `name.gz` next to every text of the build, for the server to send as it stands. */
function gzipped(): Plugin {
  return {
    name: "prodiguer-gzip",
    apply: "build",
    writeBundle({ dir }) {
      for (const name of readdirSync(dir!, { recursive: true, encoding: "utf8" })) {
        if (!PRESSED.has(extname(name))) continue;
        const path = join(dir!, name);
        const pressed = gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION });
        writeFileSync(`${path}.gz`, pressed);
      }
    },
  };
}

export default defineConfig({
  plugins: [gzipped()],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    // The server's Content-Security-Policy allows nothing inline, neither scripts nor data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      output: {
        manualChunks(id) {
          // Fetched when the first chart is drawn: larger than all the rest together.
          return /node_modules\/(echarts|zrender|tslib)\//.test(id) ? "echarts" : undefined;
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      // The Origin becomes the server's own: it refuses strangers.
      "/ready": { target: SERVER, changeOrigin: true },
      "/api": { target: SERVER, ws: true, changeOrigin: true, headers: { Origin: SERVER } },
    },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx", "tests/**/*.test.ts"] },
});
