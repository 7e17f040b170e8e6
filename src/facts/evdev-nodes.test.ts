import { describe, expect, it } from 'vitest';

import { collect } from '../../test/judge.ts';
import { evdevNodes } from './evdev-nodes.ts';

const input = (path: string): string => `<input type='evdev'><source dev='${path}'/></input>`;
const domain = (...paths: readonly string[]): string =>
  `<domain type='kvm'><name>win11</name><devices>${paths.map(input).join('')}</devices></domain>`;

async function nodesOf(...paths: readonly string[]) {
  const keyboard = '/dev/input/by-id/usb-Board-event-kbd';
  const host = {
    files: { '/etc/libvirt/qemu/win11.xml': domain(...paths), '/dev/input/event4': '' },
    links: { [keyboard]: '../event4' },
  } as const;
  const found = await collect(evdevNodes, host);
  return found.ok ? found.value : new Map<string, never>();
}

describe('evdevNodes', () => {
  it('looks at the devices that the domains of libvirt name, so that a snapshot holds them', async () => {
    const nodes = await nodesOf('/dev/input/by-id/usb-Board-event-kbd', '/dev/input/by-id/usb-Gone-event-mouse');
    expect([...nodes].map(([path, { stat }]) => [path, stat.state])).toEqual([
      ['/dev/input/by-id/usb-Board-event-kbd', 'ok'],
      ['/dev/input/by-id/usb-Gone-event-mouse', 'absent'],
    ]);
  });

  it('looks nowhere but below /dev, and not at endless lists', async () => {
    expect(await nodesOf('/etc/shadow', 'event4', '')).toEqual(new Map());
    expect((await nodesOf(...Array.from({ length: 1000 }, (_, index) => `/dev/input/event${index}`))).size).toBe(256);
  });
});
