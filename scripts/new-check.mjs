// Makes a check or a rule, and its test: `npm run new:check preflight/vfio/foo`, `npm run new:check domain/cpu/foo`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [id, ...more] = process.argv.slice(2);
const suites = readdirSync(join(root, 'suites'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const problem = whatIsWrong();
if (problem === undefined) create();
else {
  console.error(`new:check: ${problem}`);
  process.exitCode = 2;
}

function whatIsWrong() {
  if (id === undefined || more.length > 0) return 'give one id, like preflight/vfio/foo';
  if (!/^[a-z][a-z-]*\/[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(id)) {
    return `${JSON.stringify(id)} is no id: three parts of lower-case letters, digits and dashes, like preflight/vfio/foo`;
  }
  const [suite] = id.split('/');
  if (!suites.includes(suite)) return `there is no suite ${suite}; there are: ${suites.join(', ')}`;
  const existing = [`suites/${id}.ts`, `suites/${id}.test.ts`].find((file) => existsSync(join(root, file)));
  return existing === undefined ? undefined : `${existing} exists`;
}

function create() {
  const [main, beside] = id.startsWith('domain/') ? [rule(), ruleTest()] : [check(), test()];
  const files = { [`suites/${id}.ts`]: main, [`suites/${id}.test.ts`]: beside };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text, { flag: 'wx' });
    console.log(file);
  }
  for (const script of ['generate.mjs', 'generate-docs.mjs']) {
    spawnSync(process.execPath, [join(root, 'scripts', script)], { stdio: 'inherit' });
  }
  console.log('Now: fill in both files (CONTRIBUTING.md), then npm test');
}

function check() {
  return `import { defineCheck } from '../../../src/engine/check.ts';
import { fail, pass } from '../../../src/engine/outcome.ts';

export default defineCheck({
  id: '${id}',
  title: 'The good state, as a sentence',
  severity: 'minor',
  needs: ['kernel'],
  why: 'What the failure means for the user.',
  sources: ['https://docs.kernel.org/'],
  evaluate({ kernel }) {
    if (kernel.commandLine !== '') return pass({ source: '/proc/cmdline', observed: kernel.commandLine });
    return fail('what is wrong, with the value', {
      evidence: [{ source: '/proc/cmdline', observed: 'empty', expected: 'what it should be' }],
      remedy: { summary: 'What to do, as an imperative' },
    });
  },
});
`;
}

function test() {
  return `import { describe, expect, it } from 'vitest';

import { aKernel } from '../../../test/facts.ts';
import { judgeOne } from '../../../test/judge.ts';
import check from './${id.slice(id.lastIndexOf('/') + 1)}.ts';

describe(check.id, () => {
  it('passes when TODO', () => {
    expect(check.evaluate({ kernel: aKernel('quiet') })).toMatchObject({ status: 'pass', evidence: [{ source: 'TODO' }] });
  });

  it('fails when TODO, and names the evidence', () => {
    expect(check.evaluate({ kernel: aKernel('') })).toMatchObject({ status: 'fail', evidence: [{ source: 'TODO' }] });
  });

  it.todo('the boundary value');

  it('could not look when the fact is absent', async () => {
    expect(await judgeOne(check, {})).toMatchObject({ status: 'error', evidence: [{ source: 'TODO' }] });
  });
});
`;
}

function rule() {
  return `import { attribute, first } from '../../../src/domain/xml.ts';
import { failAt, passAt, xmlRemedy } from '../../../src/engine/domain-outcome.ts';
import { defineDomainRule } from '../../../src/engine/domain-rule.ts';

export default defineDomainRule({
  id: '${id}',
  title: 'The good state, as a sentence',
  severity: 'minor',
  why: 'What the failure means for the user.',
  sources: ['https://libvirt.org/formatdomain.html'],
  evaluate(document) {
    const element = first(document.root, 'devices', 'memballoon');
    if (element === undefined) return [];
    if (attribute(element, 'model') === 'none') return passAt(document, element);
    return failAt(document, element, 'what is wrong, with the value', {
      expected: 'what should stand there',
      remedy: xmlRemedy(document, 'What to do, as an imperative', { inside: '<devices>', write: '<what-to-write/>' }),
    });
  },
});
`;
}

function ruleTest() {
  return `import { describe, expect, it } from 'vitest';

import { judgeOneDomain } from '../../../test/domain-rule.ts';
import rule from './${id.slice(id.lastIndexOf('/') + 1)}.ts';

describe(rule.id, () => {
  it('passes when TODO', () => {
    expect(judgeOneDomain(rule, { devices: "<memballoon model='none'/>" })).toMatchObject({ status: 'pass' });
  });

  it('fails when TODO, and names the line', () => {
    const outcome = judgeOneDomain(rule, { devices: "<memballoon model='TODO'/>" });
    expect(outcome).toMatchObject({ status: 'fail', location: { line: 0, column: 0 } });
  });

  it.todo('the boundary value');

  it('does not apply when TODO', () => {
    expect(judgeOneDomain(rule, {})).toMatchObject({ status: 'not-applicable' });
  });
});
`;
}
