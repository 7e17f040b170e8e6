import { describe, expect, it } from 'vitest';

import { scriptedAgent } from '../../test/scripted-agent.ts';
import type { Connection } from '../libvirt/connection.ts';
import { type GuestVm, type GuestWish, openGuest, parseGuest } from './choose.ts';

const WISH: GuestWish = { via: undefined, user: null, key: null, port: null, knownHosts: () => '/nowhere' };
const SILENT: Connection = { uri: 'qemu:///system', run: () => Promise.resolve({ exitCode: 1, stdout: '', stderr: 'error: nothing\n' }) };

function vm(change: Partial<GuestVm> = {}): { readonly vm: GuestVm } {
  const { connection } = scriptedAgent(() => ({ return: {} }));
  return { vm: { connection, uuid: 'u', name: 'lab1', state: 'running', hasAgentChannel: true, ...change } };
}

describe('the channel into a guest', () => {
  it('is the agent of a VM that has one', async () => {
    expect((await openGuest(vm(), WISH)).channel.kind).toBe('agent');
  });

  it.each([{ user: 'root' }, { key: '/k' }, { port: 2222 }])('is SSH when the user says %j', async (wish) => {
    const leased: Connection = {
      uri: 'qemu:///system',
      run: () => Promise.resolve({ exitCode: 0, stdout: ' vnet0 52:54:00:00:00:01 ipv4 192.0.2.7/24\n', stderr: '' }),
    };
    expect((await openGuest(vm({ connection: leased }), { ...WISH, ...wish })).channel.kind).toBe('ssh');
  });

  it('is SSH to an address, and nothing is asked for it', async () => {
    const { name, channel } = await openGuest({ address: '192.0.2.7' }, WISH);
    expect([name, channel.kind]).toEqual(['192.0.2.7', 'ssh']);
  });

  it('is none where the agent is silent and no address is known: both are told', async () => {
    await expect(openGuest(vm({ connection: SILENT }), WISH)).rejects.toMatchObject({
      message: 'the guest agent of lab1 could not be asked: nothing; libvirt knows no address of lab1 for SSH',
    });
  });

  it('is none where a VM has no agent and --via wants it', async () => {
    await expect(openGuest(vm({ hasAgentChannel: false }), { ...WISH, via: 'agent' })).rejects.toMatchObject({
      message: 'lab1 has no channel for a guest agent',
      hint: expect.stringContaining('org.qemu.guest_agent.0'),
    });
  });

  it.each([
    ['shut off', 'lab1 is not running', 'Start it: passcheck vm start lab1'],
    ['crashed', 'lab1 is not running', 'Start it: passcheck vm start lab1'],
    ['paused', 'lab1 is paused', 'Let it go on: virsh resume lab1'],
    ['pmsuspended', 'lab1 is paused', 'Let it go on: virsh dompmwakeup lab1'],
  ])('is none into a VM that is %s', async (state, message, hint) => {
    await expect(openGuest(vm({ state }), WISH)).rejects.toMatchObject({ reason: 'refused', message, hint });
  });
});

describe('a guest as it is typed', () => {
  it.each([
    ['lab1', { user: null, host: 'lab1', isAddress: false }],
    ['root@lab1', { user: 'root', host: 'lab1', isAddress: false }],
    ['192.0.2.7', { user: null, host: '192.0.2.7', isAddress: true }],
    ['lab\\ann@[fd00::1]', { user: 'lab\\ann', host: 'fd00::1', isAddress: true }],
    ['fd00::1', { user: null, host: 'fd00::1', isAddress: true }],
    ['my vm', { user: null, host: 'my vm', isAddress: false }],
  ])('%s', (text, parsed) => {
    expect(parseGuest(text)).toEqual(parsed);
  });

  it.each(['', '@', 'root@', '@lab1', '-oProxyCommand=x@lab1', 'root@-oProxyCommand=x', '-x', 'a b@lab1', '$(id)@lab1'])(
    'is not %j',
    (text) => {
      expect(parseGuest(text)).toBeNull();
    },
  );
});
