import { describe, expect, it } from 'vitest';

import { lint } from '../../../test/lint.ts';
import { aPinsHost, desiredOn, domainTexts, fittingHost, homelab, phase0, UNPINNED, win11Vfio } from '../../../test/provisioned.ts';
import { X3D } from '../../../test/topologies.ts';
import type { Report } from '../../report/model.ts';
import { desire } from '../desire.ts';
import { layoutsOf, planVmPins } from '../pins.ts';
import { parseSpec } from '../spec/parse.ts';
import { TEMPLATES } from '../templates/template.ts';

/** What is said against the definitions: `blocker domain/…: message`. What could not be looked at counts. */
function said({ results }: Report): readonly string[] {
  const found = results.filter(({ status }) => status === 'fail' || status === 'error');
  return found.map(({ severity, id, message }) => `${severity} ${id}: ${message}`).toSorted();
}

/** Whether Windows may turn its own virtualisation on is for its owner to say: the processor of the host is shown as it is. */
const NESTED = 'info domain/cpu/nested: the guest is shown svm: Windows can run virtual machines, and may turn VBS on';

describe('passcheck lint', () => {
  it.each(Object.entries({ homelab, win11Vfio, phase0 }))('finds nothing serious in %s on a host where it fits', async (_name, spec) => {
    const host = await fittingHost(spec);
    const report = await lint(domainTexts(await desiredOn(spec, host)), host);
    expect(said(report).filter((line) => line !== NESTED)).toEqual([]);
    expect(report.verdict).toBe('GO');
  });

  it('finds nothing serious in what passcheck init prints, on a processor with cores to give', async () => {
    for (const { name, text } of TEMPLATES) {
      const parsed = parseSpec(text.replace('# pins: auto', 'pins: auto'));
      if (!parsed.ok) throw new Error(name);
      const pins = planVmPins(parsed.value, { ...UNPINNED, host: aPinsHost(X3D), defined: [] });
      const report = await lint(domainTexts(desire(parsed.value, { ...UNPINNED, pins: layoutsOf(pins) })));
      expect(said(report).filter((line) => !/^(?:minor|info) /.test(line))).toEqual([]);
    }
  });

  it('has nothing at all to say of the homelab without a host', async () => {
    expect(said(await lint(domainTexts(desire(homelab, UNPINNED))))).toEqual([]);
  });
});
