import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

/** The renderer's own server, which `interview-app dev` names; the page's socket goes through to it. */
const uiServer = process.env["INTERVIEW_APP_UI_SERVER"];

export default defineConfig({
  base: "/",
  plugins: [preact()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Chromium 140 is what Qt WebEngine 6.11 carries.
    target: "chrome140",
    // The page's policy allows no inline script, style or data: URL, so nothing may be folded in.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    port: Number(process.env["VITE_PORT"] ?? 5173),
    strictPort: true,
    ...(uiServer === undefined
      ? {}
      : {
          proxy: {
            "/boot": { target: uiServer, changeOrigin: false },
            "/recordings": { target: uiServer, changeOrigin: false },
            "/speech": { target: uiServer, changeOrigin: false },
            "/ws": { target: uiServer, changeOrigin: false, ws: true },
          },
        }),
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
