// What do browsers get from us, and where does each byte come from?
//
//   npm ci && npm run build     writes the folders named in FOLDERS below ../src/knutepunkt
//   npm run check               builds in memory and compares with what is committed; exit 1 if they differ
//
// The result is committed, so nobody who installs or changes Knutepunkt needs Node.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "src", "knutepunkt");
const SHELL = "site/static/site";
const ANSWERING = "surveys/static/surveys/answering/built";
const FOLDERS = [`${SHELL}/built`, `${SHELL}/fonts`, `${SHELL}/vendor`, ANSWERING];
const modules = join(here, "node_modules");
const components = join(modules, "@digdir", "designsystemet-css", "dist", "src");

// Only what the pages use. No avatar, badge, tooltip, spinner, skeleton: the house does not show them.
// Layers and order are the package's own (its index.css), so that precedence stays theirs.
const BASE = ["base", "paragraph", "heading", "label", "validation-message"];
const EVERYWHERE = [
  "link", "button", "input", "field", "fieldset", "skip-link", "details", "alert", "list", "divider",
  "error-summary",
];
const STAFF = [
  "link", "button", "input", "field", "fieldset", "skip-link", "details", "dialog", "alert", "list", "card",
  "divider", "pagination", "tag", "error-summary", "table", "breadcrumbs",
];
const LAYERS = "@layer ds.theme, ds.base, ds.components;";

function theme() {
  const work = mkdtempSync(join(tmpdir(), "knutepunkt-theme-"));
  const cli = join(modules, ".bin", "designsystemet");
  const run = (...args) => execFileSync(cli, ["tokens", ...args], { cwd: work, stdio: "pipe" });
  try {
    writeFileSync(join(work, "designsystemet.config.json"), readFileSync(join(here, "designsystemet.config.json")));
    run("create", "--config", "designsystemet.config.json");
    run("build", "--tokens", "design-tokens", "--out-dir", "css");
    return readFileSync(join(work, "css", "knutepunkt.css"), "utf8");
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// One statement per line is enough to read a difference; indentation and comments only cost bytes.
const compact = (css) =>
  css
    .replace(/^@charset "UTF-8";/, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\n\s+/g, "")
    .replace(/\n+/g, "\n")
    .trim();

// The content policy allows images from this server alone, so pictures inside the CSS become files beside it.
function withoutInlinePictures(css, files) {
  return css.replace(/url\("data:image\/svg\+xml;charset=utf-8,([^"]+)"\)/g, (_, encoded) => {
    const svg = decodeURIComponent(encoded) + "\n";
    const name = `icon-${createHash("sha256").update(svg).digest("hex").slice(0, 8)}.svg`;
    files.set(`${SHELL}/built/${name}`, Buffer.from(svg));
    return `url("${name}")`;
  });
}

function stylesheet(tokens, names, files) {
  const part = (name) => readFileSync(join(components, `${name}.css`), "utf8");
  const css = [
    LAYERS,
    compact(tokens),
    `@layer ds.base{${BASE.map(part).join("\n")}}`,
    `@layer ds.components{${[...names, "data-size-workaround"].map(part).join("\n")}}`,
  ].join("\n");
  return Buffer.from(`${withoutInlinePictures(css, files)}\n`);
}

// The answering pages' script. Parts of age that no round uses are left out (answering/unused.js).
const SCRIPT_LICENCES = ["age-encryption", "@noble/ciphers", "@noble/curves", "@noble/hashes", "@scure/base"];
const leftOut = {
  name: "left-out",
  setup: (bundle) =>
    bundle.onResolve({ filter: /^@noble\/(post-quantum\/hybrid|curves\/nist|hashes\/scrypt)\.js$/ }, () => ({
      path: join(here, "answering", "unused.js"),
    })),
};

async function answeringScript(files) {
  const built = await build({
    entryPoints: [join(here, "answering", "main.js")],
    bundle: true, minify: true, write: false, format: "esm", target: "es2020", charset: "utf8",
    legalComments: "none", loader: { ".txt": "text" }, plugins: [leftOut],
  });
  files.set(`${ANSWERING}/answering.js`, Buffer.from(built.outputFiles[0].contents));
  const licences = SCRIPT_LICENCES.map((name) => `${name}\n\n${readFileSync(join(modules, name, "LICENSE"), "utf8").trim()}\n`);
  files.set(`${ANSWERING}/LICENSES.txt`, Buffer.from(licences.join("\n----\n\n")));
}

async function everything() {
  const files = new Map();
  const tokens = theme();
  files.set(`${SHELL}/built/staff.css`, stylesheet(tokens, STAFF, files));
  files.set(`${SHELL}/built/answering.css`, stylesheet(tokens, EVERYWHERE, files));
  const copy = (to, ...from) => files.set(`${SHELL}/${to}`, readFileSync(join(modules, ...from)));
  for (const [family, cuts] of [
    ["source-sans-3", ["latin-wght-normal", "latin-wght-italic", "latin-ext-wght-normal"]],
    ["source-serif-4", ["latin-wght-normal"]],
  ]) {
    for (const cut of cuts) {
      copy(`fonts/${family}-${cut}.woff2`, "@fontsource-variable", family, "files", `${family}-${cut}.woff2`);
    }
    copy(`fonts/${family}-LICENSE.txt`, "@fontsource-variable", family, "LICENSE");
  }
  copy("built/designsystemet-LICENSE.txt", "@digdir", "designsystemet-css", "LICENSE");
  copy("vendor/htmx.min.js", "htmx.org", "dist", "htmx.min.js");
  copy("vendor/htmx-LICENSE.txt", "htmx.org", "LICENSE");
  await answeringScript(files);
  return files;
}

function differences(files) {
  const found = [];
  for (const [name, bytes] of files) {
    const path = join(target, name);
    if (!existsSync(path)) found.push(`missing: ${name}`);
    else if (!readFileSync(path).equals(bytes)) found.push(`differs: ${name}`);
  }
  for (const folder of FOLDERS) {
    for (const name of existsSync(join(target, folder)) ? readdirSync(join(target, folder)) : []) {
      if (!files.has(`${folder}/${name}`)) found.push(`not from this build: ${folder}/${name}`);
    }
  }
  return found;
}

const files = await everything();
if (process.argv.includes("--check")) {
  const found = differences(files);
  if (found.length) {
    console.error(`The committed files are not what this build makes:\n  ${found.join("\n  ")}\nRun: npm run build`);
    process.exit(1);
  }
  console.log(`${files.size} files are exactly what this build makes.`);
} else {
  for (const folder of FOLDERS) {
    rmSync(join(target, folder), { recursive: true, force: true });
    mkdirSync(join(target, folder), { recursive: true });
  }
  for (const [name, bytes] of files) writeFileSync(join(target, name), bytes);
  console.log(`Wrote ${files.size} files.`);
}
