import { unknownCheck } from '../config/unknown-check.ts';
import { type MeaningProblem, parseYamlText, type ParsedText } from '../config/yaml-text.ts';
import { ENVIRONMENT_NAMES, isEnvironmentName } from '../inventory/environment-names.ts';
import { nearest } from '../nearest.ts';
import { MACHINE_CONDITIONS } from './conditions.ts';
import { COMING_COMMANDS, KNOWN_MEASUREMENTS, knownMeasurement, UNITS } from './measurements.ts';
import { boundsOf } from './limits.ts';
import { type Criterion, type EnvironmentWish, type MeasurementWish, type Phase, phaseFileSchema } from './model.ts';
import { idsOf } from './pattern.ts';
import { PHASE_WORDS } from './phase-words.ts';

/** Parses and checks the text of a phase file: every check, measurement, unit and command that it names has to exist. */
export function parsePhase(text: string, checkIds: readonly string[]): ParsedText<Phase> {
  return parseYamlText(text, {
    words: PHASE_WORDS,
    schema: phaseFileSchema,
    meaning: ({ criteria }) => [
      ...twice(criteria),
      ...criteria.flatMap((criterion, index) => wrongIn(criterion, checkIds).map((problem) => below(['criteria', index], problem))),
    ],
  });
}

function twice(criteria: readonly Criterion[]): MeaningProblem[] {
  const seen = new Set<string>();
  return criteria.flatMap(({ id }, index) => {
    if (seen.has(id)) return [{ path: ['criteria', index, 'id'], message: `there is a criterion ${JSON.stringify(id)} above` }];
    seen.add(id);
    return [];
  });
}

const DECIDERS = ['checks', 'machine', 'environment', 'measurements', 'attestation', 'later'] as const;

function wrongIn(criterion: Criterion, checkIds: readonly string[]): MeaningProblem[] {
  const { checks = [], mayNotApply = [], machine = [], environment = [], measurements = [], vms, later } = criterion;
  const isDecided = DECIDERS.some((key) => criterion[key] !== undefined);
  return [
    ...(isDecided ? [] : [{ path: ['id'], message: `nothing decides ${criterion.id}: give it ${DECIDERS.join(', ')}` }]),
    ...(vms === undefined || checks.length + measurements.length > 0
      ? []
      : [{ path: ['vms'], message: 'vms say of which VMs checks and measurements are meant, and there are none' }]),
    ...unknownChecks('checks', checks, checkIds),
    ...unknownChecks('mayNotApply', mayNotApply, checkIds),
    ...(mayNotApply.length === 0 || checks.length > 0
      ? []
      : [{ path: ['mayNotApply'], message: 'checks that may not apply prove nothing: name one under checks that has to pass' }]),
    ...machine.flatMap((name, index) =>
      Object.hasOwn(MACHINE_CONDITIONS, name)
        ? []
        : [{ path: ['machine', index], message: unknown('condition of the machine', name, Object.keys(MACHINE_CONDITIONS)) }],
    ),
    ...environment.flatMap((wish, index) => wrongEnvironment(wish).map((problem) => below(['environment', index], problem))),
    ...measurements.flatMap((wish, index) => wrongMeasurement(wish).map((problem) => below(['measurements', index], problem))),
    ...(later === undefined || COMING_COMMANDS.includes(later.command)
      ? []
      : [{ path: ['later', 'command'], message: unknown('coming command', later.command, COMING_COMMANDS) }]),
  ];
}

function unknownChecks(key: string, patterns: readonly string[], checkIds: readonly string[]): MeaningProblem[] {
  return patterns.flatMap((pattern, index) =>
    idsOf(pattern, checkIds).length > 0 ? [] : [{ path: [key, index], message: unknownCheck(pattern, checkIds) }],
  );
}

function wrongEnvironment({ name, is, has }: EnvironmentWish): MeaningProblem[] {
  if (!isEnvironmentName(name)) {
    // `Distro` is as far from `Distribution` as from anything.
    const begun = name.length < 5 ? [] : ENVIRONMENT_NAMES.filter((known) => known.startsWith(name.slice(0, 5)));
    const known = nearest(name, ENVIRONMENT_NAMES) === undefined && begun.length > 0 ? begun : [...ENVIRONMENT_NAMES, 'Network NAME'];
    return [{ path: ['name'], message: unknown('row of the environment', name, known) }];
  }
  if ((is === undefined) !== (has === undefined)) return [];
  return [{ path: ['name'], message: is === undefined ? 'say what it is, or what it has' : 'say either what it is, or what it has' }];
}

function wrongMeasurement(wish: MeasurementWish): MeaningProblem[] {
  const known = knownMeasurement(wish.id);
  if (known === undefined)
    return [
      {
        path: ['id'],
        message: unknown(
          'measurement',
          wish.id,
          KNOWN_MEASUREMENTS.map(({ id }) => id),
        ),
      },
    ];
  const bounds = boundsOf(wish);
  if (wish.figure === undefined) {
    const [superfluous] = [...bounds.map(({ key }) => key), ...(wish.unit === undefined ? [] : ['unit'])];
    return superfluous === undefined ? [] : [{ path: [superfluous], message: `say which figure: ${known.figures.join(', ')}` }];
  }
  if (!known.figures.includes(wish.figure)) return [{ path: ['figure'], message: unknown('figure', wish.figure, known.figures) }];
  if (bounds.length !== 1) return [{ path: ['figure'], message: `${wish.figure} has to keep one limit: below, atMost, above or atLeast` }];
  return wrongUnit(wish, known.unit);
}

function wrongUnit({ figure, unit }: MeasurementWish, known: string | null): MeaningProblem[] {
  if (figure === 'ratio') return unit === undefined ? [] : [{ path: ['unit'], message: 'a ratio has no unit' }];
  if (unit === undefined) return [{ path: ['figure'], message: `say the unit of the limit${known === null ? '' : `: ${known}`}` }];
  const units = known === null ? UNITS : [known];
  return units.includes(unit) ? [] : [{ path: ['unit'], message: unknown('unit', unit, units) }];
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const hint = meant === undefined ? `known: ${known.join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
  return `there is no ${what} ${JSON.stringify(name.slice(0, 120))} (${hint})`;
}

function below(path: readonly PropertyKey[], problem: MeaningProblem): MeaningProblem {
  return { ...problem, path: [...path, ...problem.path] };
}
