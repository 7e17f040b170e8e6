import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument } from '../../test/domain-rule.ts';
import { guestTopology, threadsPerCore } from './guest-topology.ts';

const read = (attributes: string): ReturnType<typeof guestTopology> =>
  guestTopology(aDocument(aDefinition({ body: `<cpu><topology ${attributes}/></cpu>` })));

describe('guestTopology', () => {
  it('multiplies all levels', () => {
    expect(read("sockets='1' dies='2' clusters='1' cores='4' threads='2'")).toMatchObject({ product: 16, levels: { dies: 2, threads: 2 } });
  });

  it('takes one die and one cluster where they are not written', () => {
    expect(read("sockets='2' cores='4' threads='1'")).toMatchObject({ product: 8, levels: { dies: 1, clusters: 1 } });
  });

  it.each([
    ["sockets='1' cores='4'"],
    ["sockets='1' cores='4' threads='0'"],
    ["sockets='x' cores='4' threads='1'"],
    ["sockets='1' cores='-4' threads='1'"],
  ])('has no product for %s, which libvirt refuses', (attributes) => expect(read(attributes)?.product).toBeNaN());

  it('is null without one, and then each vCPU is a core', () => {
    const document = aDocument(aDefinition());
    expect([guestTopology(document), threadsPerCore(document)]).toEqual([null, 1]);
  });

  it('gives a product or NaN for any attribute', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w +.-]{0,12}$/), (text) => {
        const product = read(`sockets='1' cores='${text}' threads='1'`)?.product ?? -1;
        expect(Number.isNaN(product) || product >= 1).toBe(true);
      }),
    );
  });
});
