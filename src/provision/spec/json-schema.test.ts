import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { TEMPLATES } from '../templates/template.ts';
import { parseSpec } from './parse.ts';
import { specJsonSchema } from './json-schema.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const published = JSON.parse(readFileSync(`${DOCS}spec.schema.json`, 'utf8')) as object;
const validate = new Ajv({ allErrors: true }).compile(published);

describe('the JSON Schema of a spec', () => {
  it('is that of the schema that passcheck judges by, with words and examples', () => {
    const bare = JSON.parse(
      JSON.stringify(published, (key, value: unknown) => (key === 'description' || key === 'examples' ? undefined : value)),
    ) as Record<string, unknown>;
    delete bare['title'];
    expect(bare).toEqual(JSON.parse(JSON.stringify(specJsonSchema())));
  });

  it.each(TEMPLATES)('takes $name', ({ text }) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    'name: my lab',
    'vms: {}',
    'name: lab\nvm: {}',
    'name: lab\nvms: { "a b": { memory: 1 GiB, vcpus: 1 } }',
    'name: lab\nvms: { a: { memory: 1, vcpus: 1 } }',
    'name: lab\nvms: { a: { memory: 1 GiB, vcpus: 0 } }',
    'name: lab\nvms: { a: { memory: 1 GiB, vcpus: 1, pins: none } }',
    'name: lab\nvms: { a: { memory: 1 GiB, vcpus: 1, password: x } }',
    'name: lab\npools: { p: { path: /../etc } }',
    'name: lab\nnetworks: { n: { address: 192.168.56.1 } }',
  ])('refuses %j, as passcheck does', (text) => {
    expect(validate(parse(text))).toBe(false);
    expect(parseSpec(text).ok).toBe(false);
  });

  it.each([
    'name: lab\nvms: { a: { memory: 1 GiB, vcpus: 1, nics: [{ bridge: b, mac: 52:54:00:AB:CD:EF }] } }',
    'name: lab\nvms: { a: { memory: 1 GiB, vcpus: 1, uuid: 4E6EF9E2-9A2D-4A63-9C27-0B1C0B2D3A4F } }',
    'name: lab\nvms: { a: { memory: 1 GiB, vcpus: 1, gpu: { devices: [0A:00.0], ids: [10DE:2684] } } }',
  ])('takes %j, as passcheck does', (text) => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(parseSpec(text).ok).toBe(true);
  });

  it('has an example of each key, which is right', () => {
    const wrong: string[] = [];
    let count = 0;
    const look = (node: unknown, place: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('examples' in node && Array.isArray(node.examples)) {
        count += 1;
        const judge = new Ajv().compile(node);
        if (!node.examples.every((example) => judge(example))) wrong.push(`${place}: ${JSON.stringify(judge.errors)}`);
      }
      for (const [key, child] of Object.entries(node)) look(child, `${place}/${key}`);
    };
    look(published, '');
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });
});

it('the specs in the document are right', () => {
  const blocks = [...readFileSync(`${DOCS}spec.md`, 'utf8').matchAll(/```yaml\n(name: [\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks) expect(parseSpec(block)).toMatchObject({ ok: true });
});
