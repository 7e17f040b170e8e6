import { describe, expect, it } from 'vitest';

import { withMark } from './diff/mark.ts';
import { keptIdentities, NOTHING_KEPT } from './kept-identity.ts';
import { el, type Tree, treeText } from './tree.ts';

const UUID = '3fcf372d-60c6-4bd1-91a5-b5f64a4988ef';

function live(name: string, tree: Tree): { name: string; uuid: string; inactive: string; isActive: false; autostart: false } {
  return { name, uuid: UUID, inactive: treeText(tree), isActive: false, autostart: false };
}

const card = (mac: string, alias: string | null): Tree =>
  el('interface', {}, [el('mac', { address: mac }), alias === null ? null : el('alias', { name: alias })]);

function kept(cards: readonly Tree[], owner = 'lab'): ReadonlyMap<string, string> | undefined {
  const tree = withMark(el('domain', {}, [el('name', {}, 'DC01'), el('devices', {}, cards)]), owner);
  const domain = { ...live('DC01', tree), state: 'shut off', live: null, hasManagedSave: false, snapshots: [] };
  return keptIdentities({ networks: [], pools: [], domains: [domain] }, 'lab', new Map()).domain.get('DC01')?.macs;
}

describe('keptIdentities', () => {
  it('are the MAC addresses of the cards by their names, whatever their order', () => {
    const cards = [
      card('52:54:00:00:00:02', 'ua-pc-nic-1'),
      card('52:54:00:00:00:09', 'ua-mine'),
      card('52:54:00:00:00:01', 'ua-pc-nic-0'),
    ];
    expect(kept(cards)).toEqual(
      new Map([
        ['ua-pc-nic-1', '52:54:00:00:00:02'],
        ['ua-pc-nic-0', '52:54:00:00:00:01'],
      ]),
    );
  });

  it('are those of a VM that was taken over by the order of its cards', () => {
    expect(kept([card('52:54:00:00:00:02', null), card('52:54:00:00:00:01', 'ua-mine')])).toEqual(
      new Map([
        ['ua-pc-nic-0', '52:54:00:00:00:02'],
        ['ua-pc-nic-1', '52:54:00:00:00:01'],
      ]),
    );
  });

  it('are none of a VM of another spec, of one without a mark, and of what is no definition', () => {
    expect(kept([card('52:54:00:00:00:02', null)], 'other')).toBeUndefined();
    const unmarked = ['<network><name>n</name></network>', '<network', ''].map((inactive) => ({
      ...live('n', el('x')),
      inactive,
      live: null,
    }));
    expect(keptIdentities({ networks: unmarked, pools: [], domains: [] }, 'lab', new Map())).toEqual(NOTHING_KEPT);
  });

  it('are the bridge of a network, and a pool that passcheck remembers as the spec’s', () => {
    const network = live(
      'lab-net',
      withMark(el('network', {}, [el('name', {}, 'lab-net'), el('mac', { address: '52:54:00:00:00:05' })]), 'lab'),
    );
    const pool = { ...live('p', el('pool')), path: '/p', availableBytes: null };
    const world = { networks: [{ ...network, live: null }], pools: [pool], domains: [] };
    expect(keptIdentities(world, 'lab', new Map([[UUID, 'lab']]))).toEqual({
      network: new Map([['lab-net', { uuid: UUID, macs: new Map([['bridge', '52:54:00:00:00:05']]) }]]),
      pool: new Map([['p', { uuid: UUID, macs: new Map() }]]),
      domain: new Map(),
    });
    expect(keptIdentities(world, 'lab', new Map([[UUID, 'other']])).pool).toEqual(new Map());
  });
});
