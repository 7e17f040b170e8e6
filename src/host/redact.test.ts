import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { memoryHost, type MemoryHost } from './memory.ts';
import { openHost } from './open.ts';
import { ok } from './reading.ts';
import { recordingHost } from './recorder.ts';
import type { Recording } from './recording.ts';
import { redact } from './redact.ts';
import { writeSnapshot } from './snapshot-writer.ts';

/** Asks a host for everything that it has, as the facts would. */
async function recordAll(given: MemoryHost): Promise<Recording> {
  const { host, recording } = recordingHost(memoryHost(given));
  const paths = [
    ...Object.keys(given.files ?? {}),
    ...Object.keys(given.links ?? {}),
    ...Object.keys(given.stats ?? {}),
    ...(given.folders ?? []),
  ];
  for (const path of paths) {
    host.read(path);
    host.link(path);
    host.real(path);
    host.stat(path);
    for (let folder = path; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) host.list(folder);
  }
  for (const name of Object.keys(given.environment ?? {})) host.environment(name);
  for (const command of Object.keys(given.commands ?? {})) await host.run(command.split(' '));
  return recording();
}

async function redacted(given: MemoryHost, config: unknown = null) {
  const result = redact(await recordAll(given), config);
  const text = (path: string): string => {
    const reading = result.recording.files.get(path);
    return reading?.state === 'ok' ? Buffer.from(reading.value).toString() : `${path} is ${reading?.state ?? 'unknown'}`;
  };
  return { ...result, text };
}

/** The text of one file after redaction, on a host where jane (uid 1000) works on a machine called gaia. */
async function after(path: string, content: string): Promise<string> {
  const people = {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\njane:x:1000:1000:Jane Doe,,,:/home/jane:/bin/zsh\n',
    '/proc/sys/kernel/hostname': 'gaia\n',
  };
  return (await redacted({ files: { ...people, [path]: content } })).text(path);
}

const CANARIES = {
  host: 'canaryhost',
  user: 'canaryuser',
  name: 'Canary Person',
  uuid: 'cafe0123-1234-4abc-9def-c0ffee123456',
  efiUuid: 'BEEF0123-1234-4ABC-9DEF-C0FFEE123456',
  mac: 'de:ad:be:ef:12:34',
  serial: 'CNRY0SERIAL42X',
  disk: 'S64DCANARY01234',
  dimm: 'DIMMCANARY77',
  password: 'canary-pa55',
  ip: '93.184.216.34',
  ip6: '2a02:8108:dead:beef::42',
  machineId: 'cafebabe0123456789abcdefcafebabe',
};

function structure(type: number, formatted: number[], strings: string[]): Buffer {
  const text = Buffer.from(`${strings.join('\0')}\0\0`, 'latin1');
  return Buffer.concat([Buffer.from([type, formatted.length + 4, 0, 0, ...formatted]), text]);
}

function spellings(secret: string): string[] {
  return [secret, secret.replaceAll('-', ''), secret.replaceAll(':', ''), secret.replaceAll(':', '-')];
}

function uuidOf(digit: string): string {
  return `${digit.repeat(8)}-1111-4111-8111-111111111111`;
}

function dmiTable(): Buffer {
  const uuid = [...Buffer.from(CANARIES.uuid.replaceAll('-', ''), 'hex')];
  const module17 = Array.from({ length: 0x28 - 4 }, () => 0);
  [module17[0x17 - 4], module17[0x18 - 4], module17[0x1a - 4]] = [1, 2, 3];
  return Buffer.concat([
    structure(1, [1, 2, 3, 4, ...uuid, 6, 0, 0], ['ASUS', 'System', '1.0', CANARIES.serial]),
    structure(17, module17, ['Kingston', CANARIES.dimm, 'KF556C40']),
    structure(221, [1, 2, ...Buffer.from(CANARIES.mac.replaceAll(':', ''), 'hex')], [CANARIES.serial]),
    structure(127, [], []),
  ]);
}

const HOST: MemoryHost = {
  files: {
    '/proc/sys/kernel/hostname': `${CANARIES.host}\n`,
    '/etc/hostname': `${CANARIES.host}.example.org\n`,
    '/proc/cmdline': `BOOT_IMAGE=/vmlinuz root=UUID=${CANARIES.uuid} rd.luks.uuid=luks-${CANARIES.uuid} ip=${CANARIES.ip} quiet\n`,
    '/etc/passwd': `root:x:0:0:root:/root:/bin/sh\nlibvirt-qemu:x:64055:109:Libvirt Qemu:/var/lib/libvirt:/bin/false\n${CANARIES.user}:x:1000:1000:${CANARIES.name},Room 7:/home/${CANARIES.user}:/bin/zsh\n`,
    '/etc/group': `root:x:0:\nkvm:x:36:${CANARIES.user},libvirt-qemu\n${CANARIES.user}:x:1000:\n`,
    '/etc/machine-id': `${CANARIES.machineId}\n`,
    '/etc/libvirt/qemu.conf': `vnc_password = "${CANARIES.password}"\nuser = "${CANARIES.user}"\n`,
    '/sys/class/dmi/id/product_serial': `${CANARIES.serial}\n`,
    '/sys/class/dmi/id/product_uuid': `${CANARIES.uuid}\n`,
    '/sys/class/dmi/id/board_name': 'ROG STRIX X570-E GAMING\n',
    '/sys/firmware/dmi/tables/DMI': dmiTable(),
    '/sys/class/net/enxdeadbeef1234/address': `${CANARIES.mac}\n`,
    '/sys/block/nvme0n1/wwid': `eui.00253858${CANARIES.disk}\n`,
    '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c': Uint8Array.of(6, 0, 0, 0, 1),
    '/sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f': Buffer.concat([
      Buffer.of(6, 0, 0, 0),
      Buffer.from(`${CANARIES.efiUuid}\0`, 'utf16le'),
    ]),
    [`/home/${CANARIES.user}/.config/libvirt/qemu.conf`]: '',
    '/run/systemd/sessions/2': `USER=${CANARIES.user}\nREMOTE_HOST=${CANARIES.ip6}\n`,
    '/proc/1234/cmdline': `qemu\0-drive\0file=/home/${CANARIES.user}/win.qcow2\0`,
  },
  links: {
    [`/dev/disk/by-id/nvme-Samsung_SSD_980_PRO_${CANARIES.disk}`]: '../../nvme0n1',
    [`/dev/disk/by-uuid/${CANARIES.uuid}`]: '../../nvme0n1p2',
    [`/boot/loader/entries/${CANARIES.machineId}-6.12.conf`]: 'x',
  },
  stats: { [`/run/media/${CANARIES.user}/USB`]: { kind: 'directory' }, '/dev/nvme0n1': {}, '/dev/nvme0n1p2': {} },
  environment: { HOME: `/home/${CANARIES.user}`, SUDO_USER: CANARIES.user },
  commands: {
    dmesg: `[0] usb 1-1: SerialNumber: ${CANARIES.disk}\n[1] r8169: eth0: ${CANARIES.mac}\n[2] systemd: Hostname set to <${CANARIES.host}>.\n`,
    [`virsh dumpxml ${CANARIES.uuid}`]: `<domain><uuid>${CANARIES.uuid}</uuid><source file='/home/${CANARIES.user}/win.qcow2'/><serial>${CANARIES.disk}</serial><mac address='${CANARIES.mac.toUpperCase()}'/><graphics type='vnc' passwd='${CANARIES.password}'/></domain>`,
    [`id ${CANARIES.user}`]: `uid=1000(${CANARIES.user}) gid=1000(${CANARIES.user}) groups=1000(${CANARIES.user}),36(kvm)\n`,
  },
  unreadable: { [`/home/${CANARIES.user}/secret`]: 'denied' },
  folders: ['/home', '/mnt/nothing'],
};

describe('a redacted snapshot', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'passcheck-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const config = { media: { windows: `/home/${CANARIES.user}/Win11.iso` } };
  const options = { version: '0.1.0', recordedAt: '2026-11-20T09:00:00Z', config };

  it('has none of the secrets, in no file and in no name', async () => {
    await writeSnapshot(await recordAll(HOST), join(folder, 'snap'), options);
    const names = fs.readdirSync(join(folder, 'snap'), { recursive: true, encoding: 'utf8' });
    const files = names.map((name) => join(folder, 'snap', name)).filter((path) => fs.statSync(path).isFile());
    const everything = [...names, ...files.map((path) => fs.readFileSync(path, 'latin1'))].join('\n').toLowerCase().replaceAll('\0', '');
    const raw = Buffer.from(CANARIES.uuid.replaceAll('-', ''), 'hex').toString('latin1').toLowerCase();
    for (const [kind, secret] of Object.entries(CANARIES)) {
      for (const spelling of spellings(secret)) expect(everything.includes(spelling.toLowerCase()), kind).toBe(false);
    }
    expect(everything.includes(raw)).toBe(false);
    expect(everything).not.toContain('room 7');
    expect(everything).not.toContain('canary');
  });

  it('has all of them with --no-redact', async () => {
    const written = await writeSnapshot(await recordAll(HOST), join(folder, 'snap'), { ...options, redact: false });
    expect(written.redacted).toBeNull();
    expect(fs.readFileSync(join(folder, 'snap/files/proc/sys/kernel/hostname'), 'utf8')).toBe(`${CANARIES.host}\n`);
    expect((await openHost(join(folder, 'snap'))).redacted).toBeNull();
  });

  it('says what was redacted', async () => {
    const written = await writeSnapshot(await recordAll(HOST), join(folder, 'snap'), options);
    expect(Object.keys(written.redacted ?? {})).toEqual(['host', 'ip', 'mac', 'password', 'serial', 'user', 'uuid']);
    expect((await openHost(join(folder, 'snap'))).redacted).toEqual(written.redacted);
  });

  it('is as consistent as the host was', async () => {
    await writeSnapshot(await recordAll(HOST), join(folder, 'snap'), options);
    const { host, config: stored } = await openHost(join(folder, 'snap'));
    const text = (path: string): string => {
      const reading = host.read(path);
      return reading.state === 'ok' ? Buffer.from(reading.value).toString() : JSON.stringify(reading);
    };
    expect(text('/etc/passwd')).toContain('user1:x:1000:1000::/home/user1:/bin/zsh');
    expect(text('/etc/passwd')).toContain('libvirt-qemu:x:64055:109:Libvirt Qemu:');
    expect(text('/etc/group')).toContain('kvm:x:36:user1,libvirt-qemu\nuser1:x:1000:');
    expect(text('/etc/libvirt/qemu.conf')).toBe('vnc_password = "redacted"\nuser = "user1"\n');
    expect(host.environment('SUDO_USER')).toEqual(ok('user1'));
    expect(host.list('/home')).toEqual(ok(['user1']));
    expect(stored).toEqual({ media: { windows: '/home/user1/Win11.iso' } });
    const uuid = /root=UUID=(\S+)/.exec(text('/proc/cmdline'))?.[1] ?? '';
    expect(await host.run(['virsh', 'dumpxml', uuid])).toMatchObject({ value: { exitCode: 0 } });
    expect(host.list('/dev/disk/by-uuid')).toEqual(ok([uuid]));
    expect(text('/proc/1234/cmdline')).toBe('qemu\0-drive\0file=/home/user1/win.qcow2\0');
    expect(host.read('/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c')).toEqual(ok(Buffer.of(6, 0, 0, 0, 1)));
    expect(text('/sys/class/dmi/id/board_name')).toBe('ROG STRIX X570-E GAMING\n');
    expect(host.link('/dev/disk/by-id/nvme-Samsung_SSD_980_PRO_serial3')).toMatchObject({ state: 'ok' });
  });

  it('keeps the structure of the SMBIOS table', async () => {
    const { recording } = redact(await recordAll(HOST), null);
    const table = recording.files.get('/sys/firmware/dmi/tables/DMI');
    const bytes = table?.state === 'ok' ? Buffer.from(table.value) : Buffer.of();
    expect(bytes.length).toBe(dmiTable().length);
    expect(bytes.toString('latin1')).toContain('ASUS\0System\x001.0\x0000000000000000\0\0');
    expect(bytes.toString('latin1')).toContain('Kingston\x00000000000000\x00KF556C40');
  });

  it('does not change when it is redacted again', async () => {
    const once = redact(await recordAll(HOST), config);
    const twice = redact(once.recording, once.config);
    expect(twice.config).toEqual(once.config);
    expect(twice.recording.files.get('/proc/cmdline')).toEqual(once.recording.files.get('/proc/cmdline'));
    expect(twice.recording.files.get('/etc/passwd')).toEqual(once.recording.files.get('/etc/passwd'));
  });
});

describe('what is replaced in text', () => {
  it.each([
    ['/etc/fstab', 'UUID=ABCD-1234 /boot/efi vfat', 'UUID=0000-0001 /boot/efi vfat'],
    ['/etc/fstab', 'PARTUUID=0b1c2d3e-01 / ext4', 'PARTUUID=00000001-01 / ext4'],
    ['/etc/x', 'backup on jane_vm, jane-pc and /data/jane/x', 'backup on user1_vm, user1-pc and /data/user1/x'],
    ['/etc/x', 'janet and mjane stay', 'janet and mjane stay'],
    ['/etc/x', 'gaia.example.org is gaia', 'host.example.org is host'],
    ['/etc/x', 'ftp://me:geheim@nas/x', 'ftp://me:redacted@nas/x'],
    ['/boot/grub/grub.cfg', 'password_pbkdf2 root grub.pbkdf2.sha512.10000.AB', 'password_pbkdf2 root redacted'],
    ['/etc/x', '# asks for the password to use', '# asks for the password to use'],
    ['/etc/x', '//nas/vm /mnt cifs user=me,password=geheim,uid=0', '//nas/vm /mnt cifs user=me,password=redacted,uid=0'],
    ['/sys/block/dm-0/dm/uuid', `CRYPT-LUKS2-${'ab'.repeat(16)}-root`, 'CRYPT-LUKS2-00000000000040008000000000000001-root'],
    ['/sys/block/dm-1/dm/uuid', `LVM-${'aZ09'.repeat(16)}`, `LVM-${'1'.padStart(64, '0')}`],
    ['/sys/class/nvme/nvme0/subsysnqn', 'nqn.2014.08.org.nvmexpress:144d144dS64DNX0R\n', 'serial1\n'],
    ['/sys/bus/hid/devices/x/uevent', 'HID_NAME=Mouse\nHID_UNIQ=F0E1D2C3\n', 'HID_NAME=Mouse\nHID_UNIQ=serial1\n'],
    ['/etc/nsswitch.conf', 'passwd: files sss\n', 'passwd: files sss\n'],
    ['/etc/x', 'from 8.8.8.8 to 192.168.1.5', 'from 192.0.2.1 to 192.168.1.5'],
    ['/etc/x', 'Using API 8.8.8.8, version 31.0.101.2115', 'Using API 8.8.8.8, version 31.0.101.2115'],
    ['/etc/x', 'mac:52:54:00:ab:cd:ef: up', 'mac:02:00:00:00:00:01: up'],
    ['/etc/x', 'pci 0000:01:00.0: [10de:2684] at 12:34:56', 'pci 0000:01:00.0: [10de:2684] at 12:34:56'],
    ['/etc/x', '00:00:00:00:00:00 ff:ff:ff:ff:ff:ff', '00:00:00:00:00:00 ff:ff:ff:ff:ff:ff'],
    [
      '/etc/x',
      'Serial Number: To be filled by O.E.M.\n\tAsset Tag: Not Specified',
      'Serial Number: To be filled by O.E.M.\n\tAsset Tag: Not Specified',
    ],
    ['/etc/x', 'Serial Number: AB 12', 'Serial Number: serial1'],
    ['/etc/x', 'Serial: 8250/16550 driver, 4 ports', 'Serial: 8250/16550 driver, 4 ports'],
    ['/etc/x', "<serial type='pty'>", "<serial type='pty'>"],
    ['/etc/x', '/dev/input/by-id/usb-Logitech_G502_0F7B36613536-event-mouse', '/dev/input/by-id/usb-Logitech_G502_serial1-event-mouse'],
    ['/etc/x', '/dev/disk/by-id/ata-CT1000MX500SSD1_2034E4B1C2D3-part2', '/dev/disk/by-id/ata-CT1000MX500SSD1_serial1-part2'],
    ['/etc/x', '/dev/disk/by-id/wwn-0x500a0751e4b1c2d3', '/dev/disk/by-id/wwn-serial1'],
    ['/proc/net/if_inet6', 'fe80000000000000505400fffeabcdef 02', '00000000000040008000000000000001 02'],
    ['/sys/devices/x/label', 'jane gaia 2034', 'jane gaia 2034'],
    ['/sys/class/dmi/id/board_serial', 'Default string\n', 'Default string\n'],
    ['/sys/class/dmi/id/chassis_serial', 'A1B2\n', 'serial1\n'],
  ])('%s: %j', async (path, content, expected) => expect(await after(path, content)).toBe(expected));

  it('a host called like its distribution keeps its name, and os-release keeps its ID', async () => {
    const { text } = await redacted({
      files: { '/etc/hostname': 'debian\n', '/etc/os-release': 'ID=debian\n', '/etc/passwd': 'debian:x:1000:1000::/home/debian:/bin/sh\n' },
    });
    expect([text('/etc/os-release'), text('/etc/hostname')]).toEqual(['ID=debian\n', 'debian\n']);
  });

  it('a user called like a word of the system is replaced where only a name can stand', async () => {
    const { text } = await redacted({
      files: {
        '/etc/passwd': 'max:x:1000:1000::/home/max:/bin/sh\n',
        '/etc/group': 'kvm:x:36:max\n',
        '/etc/libvirt/qemu.conf': 'user = "max"\n',
        '/sys/class/backlight/x/max': '100\n',
        '/etc/modprobe.d/x.conf': 'options x max=4\n# /home/max/iso\n',
      },
    });
    expect(text('/etc/passwd')).toBe('user1:x:1000:1000::/home/user1:/bin/sh\n');
    expect(text('/etc/group')).toBe('kvm:x:36:user1\n');
    expect(text('/etc/libvirt/qemu.conf')).toBe('user = "user1"\n');
    expect(text('/sys/class/backlight/x/max')).toBe('100\n');
    expect(text('/etc/modprobe.d/x.conf')).toBe('options x max=4\n# /home/user1/iso\n');
  });

  it('a host called like a part of its kernel release leaves the release alone', async () => {
    const { text } = await redacted({
      files: {
        '/etc/hostname': 'zen\n',
        '/proc/sys/kernel/osrelease': '6.12.9-zen1-1-zen\n',
        '/lib/modules/6.12.9-zen1-1-zen/modules.dep': 'x',
      },
    });
    expect([text('/etc/hostname'), text('/proc/sys/kernel/osrelease')]).toEqual(['host\n', '6.12.9-zen1-1-zen\n']);
    expect(text('/lib/modules/6.12.9-zen1-1-zen/modules.dep')).toBe('x');
  });

  it('a user who gave a name to a mouse is still replaced everywhere', async () => {
    const { text } = await redacted({
      files: {
        '/etc/passwd': 'jane:x:1000:1000::/home/jane:/bin/sh\n',
        '/sys/class/input/input5/name': 'jane mouse\n',
        '/etc/x': 'by jane',
      },
    });
    expect(text('/etc/x')).toBe('by user1');
  });

  it('numbers follow the order of the values, so that sorted lists stay sorted', async () => {
    const { text } = await redacted({ files: { '/etc/b': [uuidOf('e'), uuidOf('a'), uuidOf('5')].join('\n') } });
    expect(
      text('/etc/b')
        .split('\n')
        .map((line) => line.at(-1)),
    ).toEqual(['3', '2', '1']);
  });

  it('the monitor and the network card lose their numbers, their data stay whole', async () => {
    const edid = Buffer.alloc(128);
    edid.set([0, 255, 255, 255, 255, 255, 255, 0, 0x10, 0xac, 1, 2, 9, 9, 9, 9]);
    edid.set([0, 0, 0, 0xff, 0, ...Buffer.from('MON1234567\n  ')], 54);
    const card = Buffer.alloc(4096);
    card.writeUInt32LE(0x0003 | (1 << 16) | (0x150 << 20), 0x100);
    card.fill(0xab, 0x104, 0x10c);
    card.writeUInt32LE(0x000d | (1 << 16), 0x150);
    card.fill(0xcd, 0x154, 0x160);
    const { recording } = await redacted({
      files: { '/sys/class/drm/card0-HDMI-A-1/edid': edid, '/sys/bus/pci/devices/0000:05:00.0/config': card, '/etc/x': 'seen MON1234567' },
    });
    const bytes = (path: string): Buffer => {
      const reading = recording.files.get(path);
      return reading?.state === 'ok' ? Buffer.from(reading.value) : Buffer.of();
    };
    const monitor = bytes('/sys/class/drm/card0-HDMI-A-1/edid');
    expect(monitor.includes('MON1234567')).toBe(false);
    expect(monitor.reduce((total, byte) => total + byte, 0) % 256).toBe(0);
    expect(bytes('/etc/x').toString()).toBe('seen serial1');
    const config = bytes('/sys/bus/pci/devices/0000:05:00.0/config');
    expect(config.includes(0xab)).toBe(false);
    expect(config.subarray(0x150)).toEqual(card.subarray(0x150));
  });
});

describe('any recording', () => {
  const noise = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 200 }));

  it('is redacted without an error, and its shape stays', async () => {
    const paths = fc.constantFrom(
      '/etc/passwd',
      '/etc/x',
      '/sys/firmware/dmi/tables/DMI',
      '/sys/x/edid',
      '/sys/devices/x/config',
      '/proc/cmdline',
      '/etc/hostname',
      '/sys/firmware/efi/efivars/Boot0000-x',
      '/sys/x/serial',
      '/etc/machine-info',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(paths, noise, { maxKeys: 6 }), fc.string({ unit: 'binary' }), async (files, output) => {
        const before = await recordAll({ files, commands: { dmesg: output, hostname: output } });
        const { recording } = redact(before, null);
        expect([...recording.files.values()].map(({ state }) => state)).toEqual([...before.files.values()].map(({ state }) => state));
        expect(recording.commands.length).toBe(before.commands.length);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no longer than the text is long', async () => {
    const hostile = [
      'a'.repeat(400_000),
      '0'.repeat(400_000),
      'aa:'.repeat(130_000),
      'ab-'.repeat(130_000),
      '/by-id/'.repeat(60_000),
      '_a'.repeat(200_000),
      ' '.repeat(400_000),
      '1.'.repeat(200_000),
      'a:1000:'.repeat(60_000),
      '/home/a'.repeat(60_000),
      'password '.repeat(40_000),
    ];
    // Patterns that go back for each character would take minutes: longer than a test may.
    const { recording } = await redacted({ files: Object.fromEntries(hostile.map((text, index) => [`/etc/${index}`, text])) });
    expect(hostile.map((_, index) => recording.files.get(`/etc/${index}`)?.state)).toEqual(hostile.map(() => 'ok'));
  });
});
