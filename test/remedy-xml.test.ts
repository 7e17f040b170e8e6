import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { parseXml } from '../src/domain/xml.ts';
import { lint } from './lint.ts';

const corpus = process.env['PASSCHECK_CORPUS'] ?? '';
const folders = corpus === '' ? [] : ['domain', 'libvirt-domains'].map((name) => join(corpus, name));
const texts = [...folders, join(import.meta.dirname, '../fixtures/domains')]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.xml') && !/^(?:net|pool|vol)\./.test(basename(file)))
  .map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));

describe('what a remedy shows of a definition', () => {
  it.each(texts)('can be pasted into $name: whole elements, or attributes of a tag', async ({ name, text }) => {
    const report = await lint({ [name]: text });
    const steps = report.results.flatMap(({ id, remedy }) => (remedy?.steps ?? []).map((step) => ({ id, ...step })));
    for (const { id, file, line } of steps.filter((step) => step.file === name && step.line !== undefined)) {
      const xml = line?.startsWith('<') === true ? line : `<tag ${line ?? ''}/>`;
      expect(() => parseXml(`<a xmlns:qemu='q'>${xml}</a>`), `${id} ${file ?? ''}: ${xml}`).not.toThrow();
    }
  });
});
