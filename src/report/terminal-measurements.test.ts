import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aMeasurement, hostileMeasurement, ofValues } from '../../test/measurements.ts';
import { aReport } from '../../test/report.ts';
import type { Measurement } from './measurement.ts';
import { measurementLines } from './terminal-measurements.ts';
import { textWidth } from './wrap.ts';

function lines(...measurements: Measurement[]): string[] {
  return measurementLines(aReport({ measurements }), { columns: 80, theSubject: null, paint: (_, text) => text });
}

describe('measurementLines', () => {
  it('has the judged figure with its limit and its definition', () => {
    const limited = ofValues([12], { figures: [{ name: 'p95', value: 13.9 }], limit: { figure: 'p95', value: 20, kind: 'below' } });
    expect(lines(limited)).toEqual([
      '',
      'Measured',
      '✓ Delivery of a frame (win11)',
      '  p95 is 13.9 ms and has to be below 20 ms: keeps the limit',
      '  From the frame being posted to the client having the whole frame.',
    ]);
    expect(lines({ ...limited, figures: [{ name: 'p95', value: 20 }] })[2]).toBe('✗ Delivery of a frame (win11)');
    expect(lines({ ...limited, figures: [] })[2]).toBe('? Delivery of a frame (win11)');
  });

  it('has the figures where nothing was asked', () => {
    const free = aMeasurement({
      subject: null,
      figures: [
        { name: 'median', value: 6.94 },
        { name: 'max', value: 14.3 },
      ],
    });
    expect(lines(free).slice(2)).toEqual(['- Delivery of a frame', '  median 6.94 ms, max 14.3 ms']);
  });

  it('gives what is made up no sign of success', () => {
    const made = ofValues([1], {
      figures: [{ name: 'max', value: 1 }],
      limit: { figure: 'max', value: 2, kind: 'below' },
      synthetic: true,
    });
    expect(lines(made)[2]).toBe('- Delivery of a frame (win11) — SYNTHETIC, made up');
  });

  it('is nothing where nothing was measured', () => {
    expect(lines()).toEqual([]);
  });

  it('stays within the terminal and gives it no orders', () => {
    fc.assert(
      fc.property(hostileMeasurement, (measurement) => {
        // oxlint-disable-next-line no-control-regex
        expect(lines(measurement).filter((line) => /[\u0000-\u001f\u007f-\u009f\u202e]/.test(line))).toEqual([]);
        const long = lines(measurement).filter((line) => textWidth(line) > 80 && line.trim().includes(' '));
        expect(long.filter((line) => !/^\s*\S* ?\S{40,}/.test(line))).toEqual([]);
      }),
    );
  });
});
