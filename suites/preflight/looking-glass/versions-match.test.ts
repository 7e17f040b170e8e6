import { describe, expect, it } from 'vitest';

import type { SharedMemoryFile } from '../../../src/facts/looking-glass.ts';
import { ABSENT, ok, unreadable } from '../../../src/host/reading.ts';
import { aClient, aDevice, aSharedFile } from '../../../test/looking-glass.ts';
import check from './versions-match.ts';

const B7 = aClient('2:B7-1', { number: 7, isTagged: true });

function judge(files: readonly SharedMemoryFile[], lookingGlassClient = B7) {
  return check.evaluate({ lookingGlass: files, lookingGlassClient });
}

const written = (lgmp: number, version: string | null) => [aSharedFile({ header: ok({ lgmp, kvmfr: null, version }) })];

describe(check.id, () => {
  it('passes when both are of one release', () => {
    expect(judge(written(6, 'B7'))).toMatchObject({ status: 'pass', evidence: [{ observed: '2:B7-1' }, { observed: 'B7, LGMP 6' }] });
    expect(judge(written(6, 'B7-0-g27fe47cbe2'))).toMatchObject({ status: 'pass' });
  });

  it('fails when the guest has an older one', () => {
    expect(judge(written(5, 'B6'))).toMatchObject({
      status: 'fail',
      message: 'the client is B7, the application in the guest is B6',
      evidence: [{}, { source: '/dev/shm/looking-glass', observed: 'B6, LGMP 5' }],
    });
  });

  it('a build after a release is not that release', () => {
    expect(judge(written(10, null))).toMatchObject({
      status: 'fail',
      message: 'the client is B7, the application in the guest is a build after B7',
    });
  });

  it('says why it cannot compare', () => {
    expect(judge([])).toMatchObject({ status: 'not-applicable' });
    expect(judge([aSharedFile()])).toMatchObject({ status: 'not-applicable', message: expect.stringContaining('has not written') });
    expect(judge([aDevice()])).toMatchObject({ status: 'not-applicable', message: expect.stringContaining('device') });
    expect(judge(written(6, 'B7'), ABSENT)).toMatchObject({ status: 'not-applicable' });
    expect(judge(written(6, 'B7'), aClient('1.2', null))).toMatchObject({ status: 'not-applicable' });
    const byHand = ok({ path: '/usr/local/bin/looking-glass-client', version: null });
    expect(judge(written(6, 'B7'), byHand)).toMatchObject({ status: 'not-applicable', message: expect.stringContaining('no package') });
  });

  it('could not look at the memory or at the client', () => {
    const hidden = unreadable('denied', 'permission denied');
    expect(judge([aSharedFile({ header: hidden })])).toMatchObject({ status: 'unknown', evidence: [{ source: '/dev/shm/looking-glass' }] });
    expect(judge(written(6, 'B7'), hidden)).toMatchObject({ status: 'unknown' });
  });
});
