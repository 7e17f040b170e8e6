/** Commands that the design has and this version of passcheck does not: no text tells a user to run one. */
export const COMING_COMMANDS: readonly string[] = ['accept', 'apply', 'attest', 'bench', 'latency', 'plan', 'signoff', 'vm'];

/** A measurement that a criterion can ask for. */
export interface KnownMeasurement {
  /** `latency/delivery`; `bench/*` stands for each benchmark. */
  readonly id: string;
  /** What it tells, for people. */
  readonly title: string;
  /** Of its figures; null: each has its own. */
  readonly unit: string | null;
  readonly figures: readonly string[];
  /** Which command measures it. */
  readonly command: string;
}

const DISTRIBUTION = ['median', 'p95', 'p99', 'max'];

/** Measurements, by the ids that they keep for ever. */
export const KNOWN_MEASUREMENTS: readonly KnownMeasurement[] = [
  { id: 'latency/delivery', title: 'how long a frame takes to reach the client', unit: 'ms', figures: DISTRIBUTION, command: 'latency' },
  { id: 'latency/frame', title: 'how long an input takes to change the picture', unit: 'ms', figures: DISTRIBUTION, command: 'latency' },
  { id: 'latency/frame-interval', title: 'how evenly the frames come', unit: 'ms', figures: DISTRIBUTION, command: 'latency' },
  { id: 'latency/pointer', title: 'how long an input takes to move the pointer', unit: 'ms', figures: DISTRIBUTION, command: 'latency' },
  {
    id: 'bench/*',
    title: 'benchmarks in the guest and on bare metal',
    unit: null,
    figures: ['native', 'guest', 'ratio', ...DISTRIBUTION],
    command: 'bench',
  },
];

/** Units that figures of benchmarks have. */
export const UNITS: readonly string[] = ['ms', 's', 'µs', 'ns', 'MB/s', 'MiB/s', 'GB/s', 'GiB/s', 'IOPS', 'MIPS', 'points', 'fps', 'ops/s'];

/** The measurement of this id; every benchmark is one of `bench/*`. */
export function knownMeasurement(id: string): KnownMeasurement | undefined {
  return KNOWN_MEASUREMENTS.find((known) => known.id === id) ?? (/^bench\/[\w.-]+$/.test(id) ? bench : undefined);
}

const bench = KNOWN_MEASUREMENTS.find(({ id }) => id === 'bench/*');
