"""What the build adds to Reflex's own: npm packages of the phone's world, the service worker, the true origin.

The worker's list holds the HTML of the phone screens and the files that they reach, hashed names included, so
that nothing of the desk is stored on a phone. Reflex compresses scripts and styles ahead of time; the code reader's
wasm, the largest file of all, is compressed here.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

from reflex_base.plugins import Plugin

from fieldapp.config import ROOT, settings

PACKAGES = ("@noble/ciphers@2.4.0", "idb@8.0.4", "uuidv7@1.2.1", "zxing-wasm@3.1.4")
BUILD_PACKAGES = ("workbox-build@7.4.1", "workbox-precaching@7.4.1", "workbox-routing@7.4.1", "esbuild@0.28.2")
KEPT = ("fonts/", "icons/", "manifest.webmanifest")


class OfflinePlugin(Plugin):
    def get_frontend_dependencies(self, **context) -> tuple[str, ...]:
        return PACKAGES

    def get_frontend_development_dependencies(self, **context) -> tuple[str, ...]:
        return BUILD_PACKAGES

    def post_build(self, **context) -> None:
        static = Path(context["static_dir"]).resolve()
        web = _web_folder(static)
        _follow_the_page(static)
        source = web / "sw-source.js"
        shutil.copy(ROOT / "fieldapp" / "device" / "sw.js", source)
        plan = {"static": str(static), "source": str(source), "files": phone_files(static)}
        script = web / "build-worker.mjs"
        script.write_text(_SCRIPT, "utf-8")
        subprocess.run(["node", str(script), json.dumps(plan)], cwd=web, check=True)


def _web_folder(static: Path) -> Path:
    return next(parent for parent in (static, *static.parents) if (parent / "package.json").exists())


def _follow_the_page(static: Path) -> None:
    """The socket's address was fixed when the site was built; in the browser it is the page's own."""
    fixed = re.compile(
        r"([\"'`])(ws|http)s?://[^\"'`/]+(/(?:_event|ping|_upload|_health|auth-codespace|_all_routes))\1"
    )
    for path in (static / "assets").glob("*.js"):
        text = path.read_text("utf-8")
        moved = fixed.sub(
            lambda m: f'(globalThis.location?.origin??"{settings().origin}").replace("http","{m[2]}")+"{m[3]}"', text
        )
        if moved != text:
            path.write_text(moved, "utf-8")


def phone_files(static: Path) -> list[str]:
    """Files that a phone needs offline: its pages, every script and style they reach, fonts, icons, words."""
    pages = sorted((static / "m").rglob("index.html"))
    wanted = {str(p.relative_to(static)) for p in pages}
    wanted |= {str(p.relative_to(static)) for p in static.rglob("*") if str(p.relative_to(static)).startswith(KEPT)}
    waiting = [name for page in pages for name in _assets_in(page)]
    while waiting:
        name = waiting.pop()
        path = static / name
        if name in wanted or not path.exists():
            continue
        wanted.add(name)
        # The manifest of routes names the chunks of every page, the desk's as well.
        if not name.startswith("assets/manifest-"):
            waiting.extend(_assets_in(path))
    return sorted(name for name in wanted if not name.endswith((".gz", ".br", ".map", ".txt")))


def _assets_in(path: Path) -> set[str]:
    if path.suffix not in (".html", ".js", ".css"):
        return set()
    text = path.read_text("utf-8")
    named = {f"assets/{m}" for m in re.findall(r"assets/([\w.\-\[\]$~]+\.(?:js|css|woff2|wasm|json))", text)}
    beside = {f"assets/{m}" for m in re.findall(r"[\"'`]\./([\w.\-\[\]$~]+\.(?:js|css|wasm))[\"'`]", text)}
    return named | beside


_SCRIPT = """\
import { build } from "esbuild";
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { injectManifest } from "workbox-build";

const { static: folder, source, files } = JSON.parse(process.argv[2]);
const bundled = `${folder}/sw.js`;
await build({ entryPoints: [source], bundle: true, minify: true, format: "iife", outfile: bundled + ".tmp.js",
  define: { "process.env.NODE_ENV": '"production"' } });
const { count, size, warnings } = await injectManifest({
  swSrc: bundled + ".tmp.js", swDest: bundled, globDirectory: folder,
  globPatterns: files.map((f) => f.replace(/[[\\]]/g, "[$&]")),
  dontCacheBustURLsMatching: /^assets\\//, maximumFileSizeToCacheInBytes: 4_000_000,
});
warnings.forEach((warning) => console.warn(warning));
unlinkSync(bundled + ".tmp.js");
if (count < files.length) throw new Error(`the worker lists ${count} of ${files.length} files`);
for (const name of readdirSync(`${folder}/assets`).filter((n) => n.endsWith(".wasm"))) {
  const bytes = readFileSync(`${folder}/assets/${name}`);
  writeFileSync(`${folder}/assets/${name}.br`, brotliCompressSync(bytes));
  writeFileSync(`${folder}/assets/${name}.gz`, gzipSync(bytes, { level: 9 }));
}
console.log(`service worker: ${count} files, ${size} bytes`);
"""
