import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Built into the package that `ringfinder serve` hands out; every place of the app lies below /app.
export default defineConfig({
  base: "/app/",
  plugins: [react()],
  build: { outDir: "../ringfinder_viz/app", emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { proxy: { "/v1": "http://127.0.0.1:8765", "/readyz": "http://127.0.0.1:8765", "/healthz": "http://127.0.0.1:8765" } },
  test: { include: ["test/**/*.test.ts"] },
});
