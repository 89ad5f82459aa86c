// Builds static/ui/build/ from the design system, htmx and styles/: `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "../../../node_modules");
const designSystem = join(packages, "dkfds/dist");
const styles = join(here, "styles");
const out = join(here, "static/ui/build");

function copy(from, folder) {
  mkdirSync(join(out, folder), { recursive: true });
  copyFileSync(from, join(out, folder, basename(from)));
}

rmSync(out, { recursive: true, force: true });

const theme = sass.compile(join(styles, "theme.scss"), {
  style: "compressed",
  loadPaths: [join(designSystem, "scss")],
  quietDeps: true,
}).css;
if (theme.includes("@font-face")) throw new Error("The theme brings its own @font-face rules: leave core/fonts out of theme.scss");

const own = ["fonts.css", "app.css"].map((name) => sass.compileString(readFileSync(join(styles, name), "utf8"), { style: "compressed" }).css);
const css = [theme, ...own].map((part) => part.replace(/^\uFEFF|@charset "UTF-8";/g, "")).join("\n");
mkdirSync(join(out, "css"), { recursive: true });
writeFileSync(join(out, "css/forebyg.css"), css);

for (const [, path] of css.matchAll(/url\("?\.\.\/([^")]+)"?\)/g)) {
  if (path.startsWith("fonts/")) copy(join(designSystem, "fonts/IBMPlexSans/split/woff2", basename(path)), "fonts");
  else copy(join(designSystem, path), dirname(path));
}
copy(join(designSystem, "img/all-svg-icons.svg"), "img");
copy(join(designSystem, "js/dkfds.min.js"), "js");
copy(join(designSystem, "js/dkfds.min.js.map"), "js"); // named in the script, so manifest storage wants it
copy(join(packages, "htmx.org/dist/htmx.min.js"), "js");
copy(join(packages, "dkfds/LICENSE.md"), "licenses/dkfds");
copy(join(packages, "htmx.org/LICENSE"), "licenses/htmx");
