import { describe, expect, it } from 'vitest';

import { judgeDomain, judgeOneDomain } from '../../../test/domain-rule.ts';
import { aFile } from '../../../test/machine-facts.ts';
import { ABSENT, ok, type Reading, unreadable } from '../../../src/host/reading.ts';
import rule from './firmware-files.ts';

const [CODE, SECURE, VARS, NVRAM] = ['/f/OVMF_CODE.fd', '/f/OVMF_CODE.secboot.fd', '/f/OVMF_VARS.fd', '/n/vm_VARS.fd'];
const SIZE = { code2: 1_966_080, code4: 3_653_632, vars2: 131_072, vars4: 540_672 };
const HIDDEN = unreadable('denied', 'permission denied');
const body = (code = CODE, nvram = `<nvram template='${VARS}'>${NVRAM}</nvram>`): string =>
  `<os>\n    <loader readonly='yes' type='pflash'>${code}</loader>\n    ${nvram}\n  </os>`;

const stat = (found: number | Reading<never>) => (typeof found === 'number' ? ok(aFile({ size: found })) : found);

/** A number is the size of a file that is there. */
function host(files: Readonly<Record<string, number | Reading<never>>>) {
  return { documentFiles: new Map(Object.entries(files).map(([path, found]) => [path, { stat: stat(found), real: ok(path) }])) };
}

describe(rule.id, () => {
  it('passes when code and variables are there, and of one build', () => {
    expect(judgeOneDomain(rule, { body: body() }, host({ [CODE]: SIZE.code4, [NVRAM]: SIZE.vars4, [VARS]: ABSENT }))).toMatchObject({
      status: 'pass',
    });
    expect(judgeOneDomain(rule, { body: body() }, host({ [CODE]: SIZE.code2, [NVRAM]: ABSENT, [VARS]: SIZE.vars2 }))).toMatchObject({
      status: 'pass',
    });
    expect(judgeOneDomain(rule, { body: body() }, host({ [CODE]: 7, [NVRAM]: SIZE.vars2 }))).toMatchObject({ status: 'pass' });
  });

  it('fails when the code is not there', () => {
    expect(judgeOneDomain(rule, { body: body() }, host({ [CODE]: ABSENT, [NVRAM]: SIZE.vars4 }))).toMatchObject({
      status: 'fail',
      message: `${CODE} is not there`,
      evidence: [{ source: 'win11.xml:9' }, { source: CODE, observed: 'not there' }],
    });
  });

  it('fails when the template is not there before the variables were made', () => {
    const facts = host({ [CODE]: SIZE.code4, [NVRAM]: ABSENT, [VARS]: ABSENT });
    expect(judgeOneDomain(rule, { body: body() }, facts)).toMatchObject({ status: 'fail', location: { line: 10 } });
    expect(judgeDomain(rule, { body: body() }, host({ [CODE]: ABSENT, [NVRAM]: ABSENT, [VARS]: ABSENT }))).toHaveLength(1);
  });

  it.each([
    [CODE, SIZE.code2, SIZE.vars4, 'blocker', 'the firmware crashes at start'],
    [SECURE, SIZE.code4, SIZE.vars2, 'blocker', 'the firmware crashes at start'],
    [CODE, SIZE.code4, SIZE.vars2, 'major', 'boot entries and keys are forgotten'],
  ])('fails for %s of %i bytes with variables of %i bytes', (code, size, vars, severity, effect) => {
    expect(judgeOneDomain(rule, { body: body(code) }, host({ [code]: size, [NVRAM]: vars }))).toMatchObject({
      status: 'fail',
      severity,
      message: expect.stringContaining(effect),
    });
  });

  it('passes nothing that it could not look at', () => {
    expect(judgeOneDomain(rule, { body: body() }, host({ [CODE]: HIDDEN }))).toMatchObject({ status: 'unknown' });
    expect(judgeOneDomain(rule, { body: body('CODE.fd') }, host({}))).toMatchObject({ status: 'unknown', severity: 'major' });
  });

  it('judges the code where the variables are hidden', () => {
    expect(judgeOneDomain(rule, { body: body() }, host({ [CODE]: SIZE.code4, [NVRAM]: HIDDEN, [VARS]: ABSENT }))).toMatchObject({
      status: 'pass',
    });
  });

  it('says nothing where no loader is named', () => {
    expect(judgeOneDomain(rule, { body: "<os firmware='efi'/>" }, host({}))).toMatchObject({ status: 'not-applicable' });
  });
});
