import { type Applicability, x86Guest } from '../domain/applies.ts';
import type { DomainDocument } from '../domain/document.ts';
import type { Attempt } from '../facts/fact.ts';
import type { FactId, FactValues } from '../facts/registry.ts';
import { oncePer } from '../once-per.ts';
import { type Check, type CheckFacts, defineCheck, type SubjectOutcome } from './check.ts';
import { couldNotLook, notApplicable, type Outcome, type Severity } from './outcome.ts';

/** What a rule says of one domain: one outcome, or one for each place in the definition. An empty list: nothing of this kind in it. */
export type Judgement = Outcome | readonly Outcome[];

/** One rule about domain definitions, as its file states it. */
interface DomainRuleDefinition<Host extends FactId, Wants extends FactId> {
  /** `domain/<topic>/<name>`, its path under `suites/`. */
  readonly id: string;
  /** The good state, as a sentence. */
  readonly title: string;
  readonly severity: Severity;
  /** Facts of the host without which the rule says nothing: "not applicable: no host facts" where there is no host. */
  readonly host?: readonly Host[];
  /** Facts of the host that help where there is one. */
  readonly wantsHost?: readonly Wants[];
  /** Of which domains the rule says anything. All of them must agree; x86 guests of QEMU are meant unless `anyGuest`. */
  readonly applies?: readonly Applicability[];
  readonly anyGuest?: boolean;
  readonly why: string;
  readonly sources: readonly [string, ...string[]];
  /** `given`: all domains of this call, the judged one among them. */
  evaluate(document: DomainDocument, facts: CheckFacts<Host, Wants>, given: readonly DomainDocument[]): Judgement;
}

/** A rule is a check of each domain that was given to `passcheck lint`. */
export type DomainRule<Host extends FactId = FactId, Wants extends FactId = FactId> = Check & {
  /** Judges one domain, for tests: `facts` are those of `host`, and attempts at those of `wantsHost`. */
  judge(document: DomainDocument, facts: CheckFacts<Host, Wants>, given?: readonly DomainDocument[]): readonly Outcome[];
};

/**
 * Defines a rule: a pure function of one definition and of the host facts that it names. It runs once for each domain that was
 * given, and its results have the domain's label as subject.
 */
export function defineDomainRule<const Host extends FactId = never, const Wants extends FactId = never>(
  definition: DomainRuleDefinition<Host, Wants>,
): DomainRule<Host, Wants> {
  const { id, title, severity, host = [], wantsHost = [], why, sources } = definition;
  const check: Check = defineCheck({
    id,
    title,
    severity,
    needs: ['lintedDomains'],
    wants: [...host, ...wantsHost],
    why,
    sources,
    evaluate({ lintedDomains, ...attempts }): Outcome | readonly SubjectOutcome[] {
      const { documents, hasHost } = lintedDomains;
      // The same for every document, and most rules need nothing of the host.
      const facts = host.length > 0 && !hasHost ? notApplicable(NO_HOST) : valuesOf(attempts, host, wantsHost);
      const noFacts = isOutcome(facts) ? facts : null;
      return documents.flatMap((document) => {
        const subject = document.label;
        const reason = whyNot(definition, document);
        if (reason !== null) return { subject, outcome: notApplicable(reason) };
        if (noFacts !== null) return { subject, outcome: noFacts };
        const judged = judgeOne(definition, document, facts as CheckFacts<Host, Wants>, documents);
        return isList(judged) ? judged.map((outcome) => ({ subject, outcome })) : { subject, outcome: judged };
      });
    },
  });
  return {
    ...check,
    judge(document, facts, given = [document]) {
      const reason = whyNot(definition, document);
      const judged = reason === null ? judgeOne(definition, document, facts, given) : notApplicable(reason);
      return isList(judged) ? judged : [judged];
    },
  };
}

const NO_HOST = 'no host facts: --host judges against this machine, --from against a recorded one';

type Attempts = Readonly<Record<string, Attempt<FactValues[FactId]>>>;

function isOutcome(facts: Readonly<Record<string, unknown>> | Outcome): facts is Outcome {
  return 'status' in facts && 'message' in facts;
}

function whyNot(
  { applies = [], anyGuest = false }: Pick<DomainRuleDefinition<never, never>, 'applies' | 'anyGuest'>,
  document: DomainDocument,
): string | null {
  const reason = anyGuest ? null : answersOf(x86Guest)(document);
  if (reason !== null) return reason;
  for (const applicability of applies) {
    const other = answersOf(applicability)(document);
    if (other !== null) return other;
  }
  return null;
}

/** What was answered about a document: a hundred rules ask the same. */
const answersOf = oncePer((applicability: Applicability) => oncePer(applicability));

/** Asked for each rule and document: `in` is slow on what can be many things. */
function isList(judged: Judgement): judged is readonly Outcome[] {
  return Array.isArray(judged);
}

/** What a rule that applies says. */
function judgeOne<Host extends FactId, Wants extends FactId>(
  definition: DomainRuleDefinition<Host, Wants>,
  document: DomainDocument,
  facts: CheckFacts<Host, Wants>,
  given: readonly DomainDocument[],
): Judgement {
  const judged = definition.evaluate(document, facts, given);
  return isList(judged) && judged.length === 0 ? NOTHING_THERE : judged;
}

const NOTHING_THERE = notApplicable('the definition has nothing of this kind');

/** The values that the rule needs, or that one of them could not be had. */
function valuesOf(attempts: Attempts, host: readonly FactId[], wantsHost: readonly FactId[]): Record<string, unknown> | Outcome {
  const facts: Record<string, unknown> = {};
  for (const id of host) {
    const attempt = attempts[id];
    if (attempt === undefined) continue;
    if (!attempt.ok)
      return couldNotLook(attempt.error.source, attempt.error.reason, attempt.error.hint ?? `look at ${attempt.error.source} by hand`);
    facts[id] = attempt.value;
  }
  for (const id of wantsHost) facts[id] = attempts[id];
  return facts;
}
