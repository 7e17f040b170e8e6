import { ok, type Reading } from '../host/reading.ts';
import { parseResolution, type Resolution } from '../looking-glass/memory-size.ts';
import { defineFact } from './fact.ts';
import { readAttribute, readText, valueOrNull } from './read.ts';

/** The mode that a monitor of the host prefers. */
export interface MonitorMode {
  /** `card0-DP-1` */
  readonly connector: string;
  readonly source: string;
  readonly resolution: Resolution;
}

const DRM = '/sys/class/drm';

/** Resolutions of the monitors that are connected to the host, by connector. Those of a card that no driver of the host drives are not here. */
export const monitorModes = defineFact({
  id: 'monitorModes',
  collect(host): Reading<readonly MonitorMode[]> {
    const listed = host.list(DRM);
    if (listed.state === 'unreadable') return listed;
    const connectors = (listed.state === 'ok' ? listed.value : []).filter((name) => /^card\d{1,3}-/.test(name));
    return ok(
      connectors.flatMap((connector) => {
        if (valueOrNull(readAttribute(host, `${DRM}/${connector}/status`)) !== 'connected') return [];
        const source = `${DRM}/${connector}/modes`;
        const resolution = preferredMode(valueOrNull(readText(host, source, 65_536)) ?? '');
        return resolution === null ? [] : [{ connector, source, resolution }];
      }),
    );
  },
});

/** The kernel lists the preferred mode first: `3840x2160`. Interlaced ones (`1920x1080i`) are passed over. */
export function preferredMode(modes: string): Resolution | null {
  for (const line of modes.split('\n')) {
    const resolution = parseResolution(line.trim());
    if (resolution !== null) return resolution;
  }
  return null;
}
