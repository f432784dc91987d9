"""The build refuses what is too heavy, in a sentence."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEIGH = """
import { budgets } from "./front/budgets.js";
// Gzip finds nothing to fold in it.
const noise = () => [...Array(400)].map(Math.random).join("");
const plugin = budgets({ "front/app.js": { what: "The dashboard's script", most: Number(process.argv[1]) } });
plugin.configResolved({ root: "/house" });
plugin.writeBundle.call(
  { error: (said) => { console.log(said); process.exit(1); } },
  {},
  {
    "app-1.js": { facadeModuleId: "/house/front/app.js", code: "let a = 1;".repeat(9), imports: ["shared-1.js"] },
    "shared-1.js": { code: process.argv[2] === "heavy" ? noise() : "", imports: [] },
  },
);
"""


def weigh(most, kind):
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no Node here; the build needs it, and tries this itself.")
    return subprocess.run(
        [node, "--input-type=module", "-e", WEIGH, str(most), kind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_is_light_enough_is_built():
    done = weigh(32_000, "light")
    assert (done.returncode, done.stdout) == (0, "front/app.js: 0.1 of 32 kB gzipped\n")


def test_a_heavy_chunk_that_a_page_imports_breaks_the_build():
    done = weigh(1000, "heavy")
    assert done.returncode == 1
    assert done.stdout.startswith("The dashboard's script (front/app.js) weighs ")
    assert done.stdout.endswith("kB gzipped; its budget is 1 kB.\n")
