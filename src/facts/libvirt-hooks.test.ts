import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { ok } from '../host/reading.ts';
import { libvirtHooks } from './libvirt-hooks.ts';

const HOOK = '/etc/libvirt/hooks/qemu';

describe('libvirtHooks', () => {
  it('finds an executable hook', async () => {
    const host = { files: { [HOOK]: '#!/bin/sh\n' }, stats: { [HOOK]: { mode: 0o755 } } };
    expect(await valueOf(libvirtHooks, host)).toEqual({ qemu: ok([HOOK]) });
  });

  it('finds executable scripts of the drop-in folder, and no folders of a dispatcher', async () => {
    const script = `${HOOK}.d/10-gpu`;
    const host = { files: { [script]: '', [`${HOOK}.d/win11/prepare/begin/start.sh`]: '' }, stats: { [script]: { mode: 0o700 } } };
    expect(await valueOf(libvirtHooks, host)).toEqual({ qemu: ok([script]) });
  });

  it('ignores a hook that nobody may run, as libvirt does', async () => {
    expect(await valueOf(libvirtHooks, { files: { [HOOK]: '#!/bin/sh\n' } })).toEqual({ qemu: ok([]) });
  });

  it('finds none on a host without libvirt', async () => {
    expect(await valueOf(libvirtHooks, {})).toEqual({ qemu: ok([]) });
  });

  it('keeps a folder that it may not look into apart from none', async () => {
    expect(await valueOf(libvirtHooks, { unreadable: { [HOOK]: 'denied' } })).toMatchObject({ qemu: { state: 'unreadable' } });
  });
});
