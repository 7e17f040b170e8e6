import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { valueOf } from '../../test/judge.ts';
import { monitorModes, preferredMode } from './monitor-modes.ts';

const DP = '/sys/class/drm/card1-DP-1';

describe('monitorModes', () => {
  it('has the preferred mode of each monitor that is connected', async () => {
    const files = {
      [`${DP}/status`]: 'connected\n',
      [`${DP}/modes`]: '3840x2160\n2560x1440\n',
      '/sys/class/drm/card1-HDMI-A-1/status': 'disconnected\n',
      '/sys/class/drm/card1-HDMI-A-1/modes': '',
      '/sys/class/drm/version': 'drm 1.1.0\n',
    };
    expect(await valueOf(monitorModes, { files })).toEqual({
      state: 'ok',
      value: [{ connector: 'card1-DP-1', source: `${DP}/modes`, resolution: { width: 3840, height: 2160 } }],
    });
  });

  it('has none on a host without a screen', async () => {
    expect(await valueOf(monitorModes, { files: {} })).toEqual({ state: 'ok', value: [] });
  });
});

describe('preferredMode', () => {
  it('passes over interlaced modes', () => expect(preferredMode('1920x1080i\n1280x720\n')).toEqual({ width: 1280, height: 720 }));
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const mode = preferredMode(text);
        expect(mode === null || mode.width > 0).toBe(true);
      }),
    );
  });
});
