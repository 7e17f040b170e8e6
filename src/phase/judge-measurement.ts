import { judgedFigure } from '../report/limit.ts';
import type { Limit, Measurement } from '../report/measurement.ts';
import type { Report } from '../report/model.ts';
import { notInThisVersion } from './coming.ts';
import { boundsOf } from './limits.ts';
import { knownMeasurement } from './measurements.ts';
import type { MeasurementWish } from './model.ts';
import { idsOf } from './pattern.ts';
import { type Judged, NOT_YET, ONLY_SYNTHETIC, together } from './verdicts.ts';

/** Does every measurement of this id keep the limit? Made-up data never shows that. With `vms`: of each of these VMs. */
export function judgeMeasurement(wish: MeasurementWish, vms: readonly string[] | undefined, { measurements }: Report): Judged {
  const found = measurements.filter(({ id }) => idsOf(wish.id, [id]).length > 0).filter((measurement) => isAbout(measurement, wish));
  if (vms === undefined) return judgeFound(wish, found, '');
  return together(
    vms.map((vm) =>
      judgeFound(
        wish,
        found.filter(({ subject }) => subject === vm),
        ` of ${vm}`,
      ),
    ),
  );
}

/** Of all benchmarks only those have a ratio that were run on both sides; one that was, and lacks it, is not passed over. */
function isAbout({ figures }: Measurement, { id, figure }: MeasurementWish): boolean {
  if (figure === undefined || !id.includes('*')) return true;
  const names = new Set(figures.map(({ name }) => name));
  return names.has(figure) || (figure === 'ratio' && names.has('native') && names.has('guest'));
}

function judgeFound(wish: MeasurementWish, found: readonly Measurement[], about: string): Judged {
  const real = found.filter(({ synthetic }) => synthetic !== true);
  if (real.length > 0) return together(real.map((measurement) => judgeOne(wish, measurement)));
  const by = found.length === 0 ? [wish.id] : found.map(({ id }) => id);
  const { command, title } = knownMeasurement(wish.id) ?? {};
  const message = found.length === 0 ? `${NOT_YET}${title ?? wish.id}${about} (${wish.id})` : `${ONLY_SYNTHETIC}${by.join(', ')}${about}`;
  return { state: 'not-measured', message, next: command === undefined ? null : notInThisVersion(command), by, waits: 'later' };
}

function judgeOne(wish: MeasurementWish, measurement: Measurement): Judged {
  const { id, unit } = measurement;
  const by = [id];
  const [bound] = boundsOf(wish);
  const { figure } = wish;
  if (measurement.figures.length === 0) return { state: 'could-not-look', message: `${id} has no figure`, next: null, by };
  if (figure === undefined || bound === undefined) return { state: 'met', message: `measured: ${measurement.title}`, next: null, by };
  if (wish.unit !== undefined && wish.unit !== unit)
    return { state: 'could-not-look', message: `${id} was measured in ${unit}, and the limit is in ${wish.unit}`, next: null, by };
  const limit: Limit = { figure, value: bound.value, kind: bound.kind };
  const judged = judgedFigure({ ...measurement, limit });
  if (judged === null || judged.figure === null)
    return { state: 'could-not-look', message: `${id} has no figure ${figure}`, next: null, by };
  const shown = `${id} ${figure} ${quantity(judged.figure.value, wish.unit)}`;
  const wanted = `${WORDS[bound.kind]} ${quantity(bound.value, wish.unit)}`;
  switch (judged.state) {
    case 'keeps':
      return { state: 'met', message: `${shown}, ${wanted}`, next: null, by };
    case 'breaks':
      return { state: 'failed', message: `${shown}, not ${wanted}`, next: null, by };
    case 'undecided': {
      const { low, high } = judged.figure;
      return {
        state: 'not-measured',
        message: `not decided yet: ${shown} (${low ?? '…'} to ${high ?? '…'}), wanted ${wanted}`,
        next: 'measure more often',
        by,
        waits: 'later',
      };
    }
    case 'missing':
      return { state: 'could-not-look', message: `${id} has no figure ${figure}`, next: null, by };
  }
}

const WORDS = { below: 'below', 'at-most': 'at most', above: 'above', 'at-least': 'at least' } as const;

function quantity(value: number, unit: string | undefined): string {
  return unit === undefined ? String(value) : `${value} ${unit}`;
}
