import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { axisOver, isDrawable, roundStep } from './axis.ts';

const drawableNumber = fc.double({ min: -1e15, max: 1e15, noNaN: true });

describe('axisOver', () => {
  it.each([
    [0, 724, 5, { min: 0, max: 800, step: 200 }],
    [3.61, 22.13, 6, { min: 0, max: 25, step: 5 }],
    [0.98, 1.13, 7, { min: 0.975, max: 1.15, step: 0.025 }],
    [-3, 2, 5, { min: -3, max: 2, step: 1 }],
    [7, 7, 4, { min: 6.999998, max: 7.000002, step: 0.000002 }],
  ])('from %d to %d in %d steps', (low, high, steps, axis) => {
    expect(axisOver(low, high, steps)).toEqual(axis);
  });

  it('shows both ends in steps that a browser can count', () => {
    fc.assert(
      fc.property(drawableNumber, drawableNumber, fc.integer({ min: 2, max: 10 }), (a, b, steps) => {
        const { min, max, step } = axisOver(Math.min(a, b), Math.max(a, b), steps);
        const dust = 1e-9 * Math.max(Math.abs(a), Math.abs(b)) + step * 1e-6;
        expect(min).toBeLessThanOrEqual(Math.min(a, b) + dust);
        expect(max).toBeGreaterThanOrEqual(Math.max(a, b) - dust);
        expect(max).toBeGreaterThan(min);
        expect((max - min) / step).toBeLessThanOrEqual(steps + 3);
      }),
    );
  });
});

describe('roundStep', () => {
  it.each([
    [0.11, 0.2],
    [0.2, 0.2],
    [0.21, 0.25],
    [2.6, 5],
    [51, 100],
  ])('at least %d is %d', (atLeast, step) => {
    expect(roundStep(atLeast)).toBe(step);
  });
});

describe('isDrawable', () => {
  it('leaves out what is no measurement', () => {
    expect([0, -3, 1e15, 1.1e15, -1e308].map((value) => isDrawable(value))).toEqual([true, true, true, false, false]);
  });
});
