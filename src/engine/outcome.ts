import type { Edit } from '../domain/edit.ts';
import type { Location } from '../domain/locate.ts';
import type { FactError } from '../facts/fact-error.ts';

/** How much a failure matters: a blocker makes the verdict NO-GO. */
export type Severity = 'blocker' | 'major' | 'minor' | 'info';

/** Something the user can look at (a path, an argv, a line of a domain XML), what was seen there, what should be. */
export interface Evidence {
  readonly source: string;
  readonly observed: string;
  readonly expected?: string;
}

/** One step of a fix. A step has at least one of `file`, `run` and `text`. */
export interface RemedyStep {
  /** The file to edit. */
  readonly file?: string;
  /** The line that it must have afterwards. */
  readonly line?: string;
  /** A command to run, as typed in a shell. */
  readonly run?: string;
  /** What a person does where there is no file and no command (a firmware menu). */
  readonly text?: string;
  /** The step takes effect with the next boot only. */
  readonly reboot?: boolean;
}

/** How to mend it: an imperative sentence, and the steps for exactly this host. */
export interface Remedy {
  readonly summary: string;
  readonly steps?: readonly RemedyStep[];
}

export type SomeEvidence = readonly [Evidence, ...Evidence[]];

/** What a check says of its facts. `unknown`: a part of them could not be looked at, so there is no answer. */
export type Outcome =
  | { readonly status: 'pass'; readonly message?: string; readonly evidence: SomeEvidence }
  | {
      readonly status: 'fail';
      readonly message: string;
      readonly evidence: SomeEvidence;
      readonly remedy: Remedy;
      readonly severity?: Severity;
      readonly location?: Location;
      /** What `--fix` does: the safe and unambiguous part of the remedy, in the text of the domain. */
      readonly edits?: readonly Edit[];
    }
  | { readonly status: 'not-applicable'; readonly message: string }
  | {
      readonly status: 'unknown';
      readonly message: string;
      readonly evidence: SomeEvidence;
      readonly remedy: Remedy;
      readonly severity?: Severity;
    };

/** The good state was seen. */
export function pass(...evidence: SomeEvidence): Outcome {
  return { status: 'pass', evidence };
}

/** The good state was seen, and there is something to say about it ("nested in another virtual machine"). */
export function passWith(message: string, ...evidence: SomeEvidence): Outcome {
  return { status: 'pass', message, evidence };
}

/** What belongs to a failure besides its message. */
export interface FailureDetails {
  readonly evidence: SomeEvidence;
  readonly remedy: Remedy;
  readonly severity?: Severity;
  readonly location?: Location;
  readonly edits?: readonly Edit[];
}

/** The bad state was seen. `severity` replaces the check's own for this result ("major when libvirt manages it"). */
export function fail(message: string, details: FailureDetails): Outcome {
  return { status: 'fail', message, ...details };
}

/** There is nothing to judge here, and that was seen. */
export function notApplicable(reason: string): Outcome {
  return { status: 'not-applicable', message: reason };
}

/** A part of the facts could not be looked at (a hidden attribute of one device): never a pass. `hint` says what to do. */
export function couldNotLook(source: string, reason: string, hint: string, severity?: Severity): Outcome {
  return {
    status: 'unknown',
    message: `could not look: ${reason}`,
    evidence: [{ source, observed: reason }],
    remedy: { summary: hint },
    ...(severity === undefined ? {} : { severity }),
  };
}

/** A fact could not be had. `otherwise` says what to do where the fact itself does not know. */
export function couldNotCollect({ source, reason, hint }: FactError, otherwise: string, severity?: Severity): Outcome {
  return couldNotLook(source, reason, hint ?? otherwise, severity);
}
