import { describe, expect, it } from 'vitest';

import { aConfig } from '../../test/facts.ts';
import { collect, valueOf } from '../../test/judge.ts';
import type { MemoryHost } from '../host/memory.ts';
import { passthrough } from './passthrough.ts';

const DEVICES = '/sys/bus/pci/devices';

/** Boot display 0000:00:02.0, a card 0000:01:00.0 with audio. */
function host(given: Partial<MemoryHost> = {}): MemoryHost {
  return {
    ...given,
    files: {
      '/proc/cmdline': 'quiet',
      ...device('0000:00:02.0', '0x1234', '0x1111', '0x030000', '1'),
      ...device('0000:01:00.0', '0x1002', '0x5046', '0x030000', '0'),
      ...device('0000:01:00.1', '0x8086', '0x2668', '0x040300'),
      ...given.files,
    },
  };
}

function device(address: string, vendor: string, id: string, classCode: string, bootVga?: string): Record<string, string> {
  const folder = `${DEVICES}/${address}`;
  const files = { [`${folder}/vendor`]: vendor, [`${folder}/device`]: id, [`${folder}/class`]: classCode };
  return bootVga === undefined ? files : { ...files, [`${folder}/boot_vga`]: bootVga };
}

describe('passthrough', () => {
  it('takes the card that is not the boot display on a host without libvirt', async () => {
    expect(await valueOf(passthrough, host())).toMatchObject({ gpus: [{ address: '0000:01:00.0' }], basis: 'only-candidate' });
  });

  it('takes the card that a file of modprobe.d names', async () => {
    const files = { '/etc/modprobe.d/vfio.conf': 'options vfio-pci ids=1002:5046,8086:2668\n' };
    expect(await valueOf(passthrough, host({ files }))).toMatchObject({ basis: 'named', source: '/etc/modprobe.d/vfio.conf:1' });
  });

  it('takes the card that the command line names', async () => {
    const files = { '/proc/cmdline': 'quiet vfio_pci.ids=1002:5046' };
    expect(await valueOf(passthrough, host({ files }))).toMatchObject({ basis: 'named', source: '/proc/cmdline' });
  });

  it('takes the card on vfio-pci', async () => {
    const links = { [`${DEVICES}/0000:01:00.0/driver`]: '../../../../bus/pci/drivers/vfio-pci' };
    expect(await valueOf(passthrough, host({ links }))).toMatchObject({ basis: 'bound' });
  });

  it('takes what passcheck.yaml names', async () => {
    expect(await valueOf(passthrough, host(), aConfig({ gpu: ['0000:00:02.0'] }))).toMatchObject({
      basis: 'configured',
      devices: ['0000:00:02.0'],
    });
  });

  it('says that the command line could not be looked at', async () => {
    const { unseen } = await valueOf(passthrough, host({ unreadable: { '/proc/cmdline': 'denied' } }));
    expect(unseen).toContain('/proc/cmdline: permission denied');
  });

  it('says that a file of modprobe.d could not be looked at', async () => {
    const files = { '/etc/modprobe.d/secret.conf': '' };
    const { unseen } = await valueOf(passthrough, host({ files, unreadable: { '/etc/modprobe.d/secret.conf': 'denied' } }));
    expect(unseen).toContain('/etc/modprobe.d/secret.conf: permission denied');
  });

  it('is an error on a host whose PCI devices could not be looked at', async () => {
    expect(await collect(passthrough, { unreadable: { [DEVICES]: 'not-recorded' } })).toMatchObject({ ok: false });
  });
});
