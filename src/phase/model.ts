import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1));
const word = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]*$/, 'small letters, digits and hyphens'));
const texts = z.array(text).check(z.minLength(1));

/** A row of the environment of the machine, and what it has to say. */
const environment = z.strictObject({ name: text, is: z.optional(text), has: z.optional(text) });

const number = z.number();

/** A figure of a measurement, and the limit that it has to keep; without a figure the measurement has to be there. */
const measurement = z.strictObject({
  id: text,
  figure: z.optional(text),
  below: z.optional(number),
  atMost: z.optional(number),
  above: z.optional(number),
  atLeast: z.optional(number),
  unit: z.optional(text),
});

const criterion = z.strictObject({
  /** Unique in its phase. */
  id: word,
  /** The story or step that it belongs to. */
  group: text,
  /** The words of the document. */
  text,
  /** Ids of checks, of each of which one has to pass; `*` stands for anything within one part. */
  checks: z.optional(texts),
  /** Checks beside these that must not fail, and for which there may be nothing to judge. */
  mayNotApply: z.optional(texts),
  /** The VMs that checks and measurements have to be about; each of them. */
  vms: z.optional(texts),
  /** What the description of the machine has to hold: see `MACHINE_CONDITIONS`. */
  machine: z.optional(texts),
  environment: z.optional(z.array(environment).check(z.minLength(1))),
  measurements: z.optional(z.array(measurement).check(z.minLength(1))),
  /** What only a person can see. */
  attestation: z.optional(text),
  /** What a command will tell that this version does not have. */
  later: z.optional(z.strictObject({ command: text, what: text })),
});

/** A phase as its file states it. */
export const phaseFileSchema = z.strictObject({
  id: word,
  title: text,
  /** The document whose criteria these are. */
  source: text,
  /** What comes out of the phase. */
  documents: z._default(z.array(z.strictObject({ file: text, contents: text })), []),
  criteria: z.array(criterion).check(z.minLength(1)),
});

export type Phase = z.infer<typeof phaseFileSchema>;
export type Criterion = Phase['criteria'][number];
export type MeasurementWish = NonNullable<Criterion['measurements']>[number];
export type EnvironmentWish = NonNullable<Criterion['environment']>[number];
