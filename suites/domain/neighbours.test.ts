import { describe, expect, it } from 'vitest';

import { aDefinition, aDocument, NO_HOST_FACT } from '../../test/domain-rule.ts';
import { known } from '../../test/facts.ts';
import { neighboursOf, unseenNeighbours } from './neighbours.ts';
import macUnique from './network/mac-unique.ts';

const card = (last: string): string =>
  `<interface type='network'><mac address='52:54:00:00:00:${last}'/><source network='default'/></interface>`;
const one = aDocument(aDefinition({ name: 'one', devices: card('01') }));
const many = (count: number): ReturnType<typeof aDocument>[] =>
  Array.from({ length: count }, (_, index) => aDocument(aDefinition({ name: `vm${index}`, devices: card('02') })));

describe('neighbours', () => {
  it('are seen, up to 200', () => {
    expect(unseenNeighbours(NO_HOST_FACT, many(200))).toBeNull();
    expect(neighboursOf(one, NO_HOST_FACT, many(200))).toHaveLength(200);
  });

  it('are no pass when there are more of them', () => {
    expect(macUnique.judge(one, { definedDocuments: NO_HOST_FACT }, [one, ...many(201)])).toMatchObject([
      { status: 'unknown', severity: 'minor', message: 'could not look: 202 domains, of which 200 were compared' },
    ]);
    const defined = known(many(201).map((document) => ({ document, state: 'shut off' })));
    expect(macUnique.judge(one, { definedDocuments: defined }, [one])).toMatchObject([{ status: 'unknown' }]);
  });
});
