import { describe, expect, it } from 'vitest';

import { memoryHost } from '../host/memory.ts';
import { findProgram } from './program-path.ts';

describe('findProgram', () => {
  it('finds programs of every distribution, the first name first', () => {
    const host = memoryHost({ files: { '/usr/sbin/nft': '', '/run/current-system/sw/bin/iptables': '' } });
    expect(findProgram(host, ['iptables', 'nft'])).toEqual({ state: 'ok', value: '/run/current-system/sw/bin/iptables' });
    expect(findProgram(host, ['nft'])).toEqual({ state: 'ok', value: '/usr/sbin/nft' });
  });

  it('is absent only when every folder could be looked at', () => {
    expect(findProgram(memoryHost({}), ['nft'])).toEqual({ state: 'absent' });
    const hidden = memoryHost({ unreadable: { '/usr/sbin/nft': 'not-recorded' } });
    expect(findProgram(hidden, ['nft'])).toMatchObject({ state: 'unreadable', reason: 'not-recorded' });
  });
});
