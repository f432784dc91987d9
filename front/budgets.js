/* What a page may weigh, gzipped. A build that passes a budget fails with a sentence: make it lighter, or say in the
   commit why it is worth more. */
import { gzipSync } from "node:zlib";

const KB = 1000;

/** Bundle by its entry: what one page loads of it, with the chunks it imports. */
export const BUDGETS = {
  "front/app.js": { what: "The dashboard's script", most: 32 * KB },
  "front/app.css": { what: "The dashboard's stylesheet", most: 24 * KB },
  "front/public.js": { what: "The public pages' script", most: 2 * KB },
  "front/public.css": { what: "The public pages' stylesheet", most: 12 * KB },
};

const weight = (source) => gzipSync(source, { level: 9 }).length;

/** Bytes by entry. `outputs`: file name -> { code | source, imports, facadeModuleId, originalFileNames }. */
function weights(outputs, root) {
  const withChunks = (name, seen = new Set()) => {
    if (seen.has(name) || !outputs[name]) return 0;
    seen.add(name);
    const one = outputs[name];
    return weight(one.code ?? one.source) + (one.imports ?? []).reduce((sum, other) => sum + withChunks(other, seen), 0);
  };
  const entryOf = (one) => one.facadeModuleId?.replace(`${root}/`, "") ?? one.originalFileNames?.[0];
  return Object.fromEntries(Object.keys(outputs).map((name) => [entryOf(outputs[name]), withChunks(name)]));
}

/** A Vite plugin that says what each bundle weighs, and fails the build where one weighs too much. */
export function budgets(allowed = BUDGETS) {
  let root = "";
  return {
    name: "goodword-budgets",
    apply: "build",
    configResolved: (config) => (root = config.root),
    writeBundle(_options, outputs) {
      const weighed = weights(outputs, root);
      const lines = Object.entries(allowed).map(([entry, { what, most }]) => {
        const bytes = weighed[entry];
        if (bytes === undefined) return `${what} (${entry}) was not built, so nobody knows what it weighs.`;
        if (bytes <= most) return "";
        return `${what} (${entry}) weighs ${(bytes / KB).toFixed(1)} kB gzipped; its budget is ${most / KB} kB.`;
      });
      const broken = lines.filter(Boolean);
      if (broken.length > 0) this.error(broken.join("\n"));
      for (const [entry, { most }] of Object.entries(allowed)) {
        console.log(`${entry}: ${(weighed[entry] / KB).toFixed(1)} of ${most / KB} kB gzipped`);
      }
    },
  };
}
