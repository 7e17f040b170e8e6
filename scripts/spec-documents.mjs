// docs/spec.schema.json, and the tables of docs/spec.md.
import { parse } from 'yaml';

import { SPEC_KEYS } from './spec-keys.mjs';

/** The schema with what each key means, which editors show. */
export function describedSchema(schema) {
  const copy = structuredClone(schema);
  const found = keysOf(copy);
  const missing = Object.keys(SPEC_KEYS).filter((key) => !found.has(key));
  const unknown = [...found.keys()].filter((key) => !(key in SPEC_KEYS));
  if (missing.length + unknown.length > 0)
    throw new Error(`scripts/spec-keys.mjs and the schema differ: ${[...missing, ...unknown].join(', ')}`);
  for (const [key, { node }] of found) {
    const { meaning, example } = SPEC_KEYS[key];
    node.description = meaning.replaceAll('`', '');
    node.examples = [parse(example)];
  }
  return { title: 'A spec of passcheck', ...copy };
}

/** Key (`vms.*.nics[].mac`) → its schema, and whether it has to be there. */
function keysOf(node, place = '', found = new Map()) {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const path = place === '' ? key : `${place}.${key}`;
    found.set(path, { node: child, isRequired: node.required?.includes(key) === true });
    keysOf(child, path, found);
  }
  if (typeof node.additionalProperties === 'object') keysOf(node.additionalProperties, `${place}.*`, found);
  if (typeof node.items === 'object') keysOf(node.items, `${place}[]`, found);
  for (const form of node.anyOf ?? []) keysOf(form, place, found);
  return found;
}

const SECTIONS = { '': 'The file', 'networks.*': 'A network', 'pools.*': 'A pool', 'volumes.*': 'A volume', 'vms.*': 'A VM' };

/** The tables of all keys, one for each kind of thing. */
export function keyTables(schema) {
  const found = keysOf(schema);
  return Object.entries(SECTIONS)
    .map(([place, title]) => {
      const rows = Object.keys(SPEC_KEYS).flatMap((key) => {
        const name = nameIn(key, place);
        return name === null ? [] : [row(name, SPEC_KEYS[key], found.get(key))];
      });
      return `### ${title}\n\n| key | type | default | meaning | example |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

/** `nics[].mac` of `vms.*.nics[].mac` in `vms.*`; null for what belongs to another table. */
function nameIn(key, place) {
  if (place === '') return key.includes('.') ? null : key;
  return key.startsWith(`${place}.`) ? key.slice(place.length + 1) : null;
}

function row(name, { type, otherwise, meaning, example }, { node, isRequired }) {
  const initial = node.default === undefined ? 'none' : `\`${JSON.stringify(node.default).replaceAll('"', '')}\``;
  const cells = [
    `\`${name}\``,
    type ?? typeWords(node),
    isRequired ? '**has to be given**' : (otherwise ?? initial),
    meaning,
    `\`${example}\``,
  ];
  return `| ${cells.map((text) => text.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function typeWords({ type, enum: values, maximum, exclusiveMinimum }) {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'boolean') return '`true` or `false`';
  if (type === 'integer') return `whole number, ${exclusiveMinimum + 1} to ${maximum}`;
  throw new Error(`scripts/spec-keys.mjs has to say the type: ${type}`);
}
