import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aMeasurement, hostileMeasurement, madeUp, ofValues } from '../../../test/measurements.ts';
import { aReport } from '../../../test/report.ts';
import { parseStrictly, textOf } from '../../../test/strict-html.ts';
import type { Report } from '../model.ts';
import { methodsSection } from './methods.ts';

function text(given: Partial<Report> = {}): string {
  return textOf(parseStrictly(methodsSection(aReport(given)).body.markup)).replaceAll(/\s+/g, ' ');
}

describe('methodsSection', () => {
  it('says how the verdict comes about, with --strict and without', () => {
    expect(text()).toContain('NO-GO: a blocker failed.');
    expect(text()).not.toContain('Here, one is enough');
    expect(text({ strict: true })).toContain('Here, one is enough for a NO-GO, too.');
  });

  it('says of a recording that it is one', () => {
    expect(text({ recorded: true })).toContain('from a recording of the host');
    expect(text()).toContain('Nothing was changed');
  });

  it('says what each figure is that there is, and no other', () => {
    const words = text({ measurements: [ofValues([1, 2, 3], { figures: [{ name: 'p95', value: 3 }] })] });
    expect(words).toContain('The 95th percentile');
    expect(words).not.toContain('Hodges-Lehmann');
    expect(text({ measurements: madeUp('bench') })).toContain('Hodges-Lehmann');
  });

  it('says why one is judged by a percentile and another by its median, where that is so', () => {
    expect(text({ measurements: madeUp('latency') })).toContain('judged by p95, because each late one is noticed');
    expect(text({ measurements: madeUp('latency').slice(0, 1) })).not.toContain('judged by its median');
    expect(text({ measurements: madeUp('bench') })).not.toContain('judged by its median');
  });

  it('says how each was made', () => {
    const words = text({ measurements: [ofValues([1, 2, 3])] });
    expect(words).toContain('From the frame being posted to the client having the whole frame.');
    expect(words).toContain('passcheck latency · in win11 · in ms, lower is better · 3 single values, with the time of each');
    expect(words).not.toContain('nothing was measured');
    expect(text({ measurements: madeUp('latency') })).toContain('· nothing was measured');
    expect(text({ measurements: [aMeasurement({ subject: null, unit: '' })] })).toContain('on the host · without unit, lower is better');
  });

  it('says nothing of figures where there are none', () => {
    expect(text()).not.toContain('How each figure was made');
  });

  it('is well-formed, whatever was measured', () => {
    fc.assert(
      fc.property(fc.array(hostileMeasurement, { maxLength: 4 }), (measurements) => {
        expect(() => text({ measurements })).not.toThrow();
      }),
    );
  });
});
