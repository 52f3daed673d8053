// How the front end is built: every folder with a main.ts is an entry of the folder's name.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";

const here = import.meta.dirname;

const entries = Object.fromEntries(
  readdirSync(here, { withFileTypes: true })
    .filter((folder) => folder.isDirectory() && existsSync(join(here, folder.name, "main.ts")))
    .map((folder) => [folder.name, join(here, folder.name, "main.ts")]),
);

export default defineConfig({
  root: here,
  base: "./", // the pages may be served below any path
  plugins: [tailwindcss()],
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: true,
    target: ["chrome111", "safari16.4", "firefox128"], // tablets in a hall are not new
    assetsInlineLimit: 0, // fonts and pictures stay files: no data: URLs needed in the CSP
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: entries,
      checks: { eval: false }, // htmx holds one; it is switched off in htmx/main.ts
    },
  },
  test: { environment: "node", include: ["**/*.test.ts"], exclude: ["node_modules/**"] },
});
