import * as fs from 'node:fs';
import { delimiter, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundledCli, type Cli } from '../../test/cli.ts';
import { aDefinition } from '../../test/domain-rule.ts';

let cli: Cli;

beforeAll(async () => {
  cli = await bundledCli();
  for (const name of ['1', '2', '3', '4', '5', '6']) fs.writeFileSync(join(cli.folder, `${name}.xml`), aDefinition());
});

afterAll(() => cli.remove());

/** What is said with a `virt-xml-validate` whose body is given. */
function said(body: string, names: readonly string[] = ['1.xml']): string {
  const bin = fs.mkdtempSync(join(cli.folder, 'bin-'));
  fs.writeFileSync(join(bin, 'virt-xml-validate'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const env = { PATH: [bin, process.env['PATH']].join(delimiter), TMPDIR: cli.folder };
  const options = { env, input: aDefinition() };
  return cli.run(['lint', ...names, '--only', 'schema/valid', '--verbose'], options).stdout.replaceAll(/\s+/g, ' ');
}

const VERSION = 'test "$1" = --version && { echo "virt-xml-validate (libvirt) 9.0.0"; exit; }';

describe("libvirt's schema", () => {
  it.each([
    ['fits', `${VERSION}; exit 0`, '✓ domain/schema/valid'],
    ['does not fit', `${VERSION}; echo "$2:7: element cpu: Relax-NG validity error : bad" >&2; exit 3`, 'line 7: element cpu'],
    ['cannot be asked without xmllint', `${VERSION}; exit 127`, 'it needs xmllint, which is not installed'],
    ['cannot be asked', `${VERSION}; exit 1`, 'it ended with 1'],
    ['is that of an unknown version', 'test "$1" = --version && exit; echo "$2:7: element cpu: bad" >&2; exit 3', 'of unknown version'],
  ])('%s', (_name, body, expected) => {
    expect(said(body)).toContain(expected);
  });

  it('is not said to be missing when it only hangs, and is asked once then', () => {
    expect(said('exec sleep 60')).toContain('did not answer within 5 s');
    const names = ['1.xml', '2.xml', '3.xml', '4.xml', '5.xml', '6.xml'];
    expect(said(`${VERSION}; exec sleep 60`, names)).toContain('it was not asked: it did not answer for another file');
  }, 30_000);

  it('leaves nothing of standard input behind', () => {
    expect(said(`${VERSION}; exit 0`, ['-'])).toContain('✓ domain/schema/valid');
    expect(fs.readdirSync(cli.folder).filter((name) => name.startsWith('passcheck-'))).toEqual([]);
  });
});
