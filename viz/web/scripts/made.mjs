// Makes src/made/ from what the house says once: texts (ringfinder/words/*.toml), kinds of ring, who may use which route, and the types of
// all answers (the OpenAPI).
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";

const HOME = new URL("../../../ringfinder/words/", import.meta.url);
const MADE = new URL("../src/made/", import.meta.url);
// Of a room that other parts of the house use, what the app shows of it; a law is told with its kind. `casework` comes with the casebook's
// screens, `codes` with those that show medicines and illnesses, `words` with the first load.
const CASEBOOK = /^(?:(?:kind|behaviour|subject|decision|resolution|priority|state|origin|became|head|work|table|band|typical)_|(?:total|mixed|no_ring)$)/;
const CATALOGUES = {
  words: { app: () => true, kinds: () => true, channels: (key) => !key.includes("_") || !key.endsWith("_why") },
  casework: { casework: () => true, cases: (key) => CASEBOOK.test(key) },
  codes: { codes: () => true },
};

mkdirSync(MADE, { recursive: true });
for (const [name, rooms] of Object.entries(CATALOGUES)) {
  const languages = { zh: {}, en: {} };
  for (const [room, wanted] of Object.entries(rooms)) {
    for (const [key, entry] of Object.entries(parse(readFileSync(new URL(`${room}.toml`, HOME), "utf8")))) {
      if (wanted(key)) for (const lang of Object.keys(languages)) languages[lang][`${room}.${key}`] = entry[lang];
    }
  }
  for (const [lang, texts] of Object.entries(languages)) {
    writeFileSync(new URL(`${name}.${lang}.ts`, MADE), `export default ${JSON.stringify(texts, null, 1)} as const;\n`);
  }
}

// Who may use what: the OpenAPI says it of every operation.
const { paths, components } = JSON.parse(readFileSync(new URL("../../../api/ringfinder_api/openapi.json", import.meta.url), "utf8"));
const rules = {};
for (const [path, operations] of Object.entries(paths)) {
  for (const [method, operation] of Object.entries(operations)) {
    if (operation["x-roles"]) {
      rules[`${method.toUpperCase()} ${path}`] = { roles: operation["x-roles"], allDistricts: operation["x-all-districts"] === true };
    }
  }
}
writeFileSync(new URL("rules.ts", MADE), `export default ${JSON.stringify(rules, null, 1)} as const;\n`);

const { kind } = components.schemas.RingListed.properties;
const { behaviour } = components.schemas.ViolationRequest.properties;
writeFileSync(
  new URL("kinds.ts", MADE),
  `export const KINDS = ${JSON.stringify(kind.enum)} as const;\nexport const BEHAVIOURS = ${JSON.stringify(behaviour.enum)} as const;\n`,
);

const CLI = new URL("../node_modules/openapi-typescript/bin/cli.js", import.meta.url);
const OPENAPI = new URL("../../../api/ringfinder_api/openapi.json", import.meta.url);
execFileSync(process.execPath, [CLI, OPENAPI, "-o", new URL("api.ts", MADE)].map((one) => (one instanceof URL ? fileURLToPath(one) : one)));
