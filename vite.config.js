import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { budgets } from "./front/budgets.js";

export default defineConfig({
  base: "/static/build/",
  publicDir: false,
  plugins: [tailwindcss(), budgets()],
  build: {
    outDir: "static/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    // The content security policy allows no data: fonts, and a preload polyfill would be an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // light-dark() and relative colours stay as written: css/plain.css serves the browsers that lack them.
    cssTarget: ["chrome123", "firefox128", "safari18"],
    rolldownOptions: {
      input: ["front/app.css", "front/app.js", "front/public.css", "front/public.js"],
      // htmx carries one eval behind allowEval, which the page's htmx-config switches off.
      checks: { eval: false },
    },
  },
});
