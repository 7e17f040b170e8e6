import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collect, valueOf } from '../../test/judge.ts';
import { modprobeConfig, parseModprobeFile } from './modprobe-config.ts';

describe('modprobeConfig', () => {
  it('reads every folder and sorts the files by name', async () => {
    const { files, options } = await valueOf(modprobeConfig, {
      files: {
        '/etc/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:2684\n',
        '/usr/lib/modprobe.d/aliases.conf': 'alias net-pf-1 unix\n',
        '/run/modprobe.d/zz.conf': 'options kvm ignore_msrs=1\n',
      },
    });
    expect(files).toEqual(['/usr/lib/modprobe.d/aliases.conf', '/etc/modprobe.d/vfio.conf', '/run/modprobe.d/zz.conf']);
    expect(options).toEqual([
      { module: 'vfio_pci', parameters: 'ids=10de:2684', file: '/etc/modprobe.d/vfio.conf', line: 1 },
      { module: 'kvm', parameters: 'ignore_msrs=1', file: '/run/modprobe.d/zz.conf', line: 1 },
    ]);
  });

  it('lets a file in /etc hide one of the same name in /usr/lib', async () => {
    const { options } = await valueOf(modprobeConfig, {
      files: { '/etc/modprobe.d/vfio.conf': '# nothing\n', '/usr/lib/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:2684\n' },
    });
    expect(options).toEqual([]);
  });

  it('reads /lib once when it is a link to /usr/lib', async () => {
    const { files } = await valueOf(modprobeConfig, {
      files: { '/usr/lib/modprobe.d/a.conf': 'blacklist nouveau\n' },
      links: { '/lib': 'usr/lib' },
    });
    expect(files).toEqual(['/usr/lib/modprobe.d/a.conf']);
  });

  it('ignores hidden files and other endings', async () => {
    const { files } = await valueOf(modprobeConfig, {
      files: { '/etc/modprobe.d/.vfio.conf': 'options a b=1', '/etc/modprobe.d/vfio.conf.bak': 'options a b=1' },
    });
    expect(files).toEqual([]);
  });

  it('takes a link to /dev/null as a mask and not as a problem', async () => {
    const { unread } = await valueOf(modprobeConfig, {
      files: { '/dev/null': '' },
      links: { '/etc/modprobe.d/blacklist.conf': '/dev/null' },
      unreadable: { '/dev/null': 'failed' },
    });
    expect(unread).toEqual([]);
  });

  it('names a file that may not be read', async () => {
    const { unread } = await valueOf(modprobeConfig, {
      files: { '/etc/modprobe.d/vfio.conf': '' },
      unreadable: { '/etc/modprobe.d/vfio.conf': 'denied' },
    });
    expect(unread).toEqual([{ source: '/etc/modprobe.d/vfio.conf', reason: 'permission denied' }]);
  });

  it('is empty on a host without any folder', async () => {
    expect(await valueOf(modprobeConfig, {})).toMatchObject({ files: [], unread: [] });
  });

  it('fails when no folder was recorded', async () => {
    const folders = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((folder) => `${folder}/modprobe.d`);
    const attempt = await collect(modprobeConfig, {
      unreadable: Object.fromEntries(folders.map((folder) => [folder, 'not-recorded' as const])),
    });
    expect(attempt).toMatchObject({ ok: false, error: { source: '/etc/modprobe.d' } });
  });
});

describe('parseModprobeFile', () => {
  // The expectations are what `modprobe -C FOLDER -c` of kmod 30 prints for the same text.
  it('reads what modprobe reads', () => {
    const text = [
      'options vfio-pci ids=10de:1111',
      'options vfio_pci ids=10de:2222 \\',
      ' disable_vga=1 # c',
      '  options x y=1',
      '#options z z=1',
      '\toptions tabbed a=1',
      'softdep nvidia pre: vfio-pci post: foo-bar',
      'blacklist nou-veau extra',
      'install snd_hda_intel /bin/true --x',
      'alias pci:v000010DEd* off',
      'options snd-hda-intel\\',
      ' power_save=1',
      'OPTIONS up a=1',
    ].join('\n');
    const parsed = parseModprobeFile(text, 'f');
    expect(parsed.options.map(({ module, parameters, line }) => [module, parameters, line])).toEqual([
      ['vfio_pci', 'ids=10de:1111', 1],
      ['vfio_pci', 'ids=10de:2222 disable_vga=1 # c', 2],
      ['x', 'y=1', 4],
      ['tabbed', 'a=1', 6],
      ['snd_hda_intel', 'power_save=1', 11],
    ]);
    expect(parsed.softdeps).toEqual([{ module: 'nvidia', pre: ['vfio_pci'], post: ['foo_bar'], file: 'f', line: 7 }]);
    expect(parsed.blacklist).toEqual([{ module: 'nou_veau', file: 'f', line: 8 }]);
    expect(parsed.installs).toEqual([{ module: 'snd_hda_intel', command: '/bin/true --x', file: 'f', line: 9 }]);
    expect(parsed.aliases).toEqual([{ pattern: 'pci:v000010DEd*', module: 'off', file: 'f', line: 10 }]);
  });

  it('drops incomplete commands', () => {
    const { options, softdeps, installs } = parseModprobeFile('options vfio-pci\nsoftdep nvidia\ninstall\n', 'f');
    expect([options, softdeps, installs]).toEqual([[], [], []]);
  });

  it('reads any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('\\', '\n', ' ', '#', 'options', 'a') })), (text) => {
        const { options } = parseModprobeFile(text, 'f');
        expect(options.every(({ line }) => line >= 1)).toBe(true);
      }),
    );
  });

  it('reads a megabyte of backslashes without delay', () => {
    expect(parseModprobeFile('\\'.repeat(1_000_000), 'f').options).toEqual([]);
    expect(parseModprobeFile('\\\n'.repeat(200_000), 'f').options).toEqual([]);
  });
});
