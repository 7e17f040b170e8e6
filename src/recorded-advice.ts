/** The words are those of `tree.ts` and `snapshot.ts` in `src/host`. */
const NOT_RECORDED = /\b(?:does not hold it|did not record it|not recorded)\b/;
/** Something to do on the host, whoever does it. */
const A_COMMAND = /^run (?!passcheck\b)/i;
/** Advice that only helps on the host itself. */
const ON_THE_HOST = /\broot\b|\bby hand\b|\bpasscheck(?!\.yaml)\b/;
const DENIED = /denied|not permitted|\bonly root\b|\bneeds root\b/i;

/** Does a reason say that nobody recorded it? */
export function saysNotRecorded(reason: string): boolean {
  return NOT_RECORDED.test(reason);
}

/** Advice about what was not seen of a recorded host: as it was given, unless it only helps on the host. */
export function recordedAdvice(advice: string, observed: readonly string[]): string {
  return ON_THE_HOST.test(advice) ? adviceFor(advice, observed) : advice;
}

function adviceFor(advice: string, observed: readonly string[]): string {
  if (observed.some(saysNotRecorded)) return 'the recording does not hold it';
  if (observed.some((text) => DENIED.test(text))) return 'it was hidden from the user who recorded this host: record it again as root';
  if (A_COMMAND.test(advice)) return `on the host: ${advice}; then record it again`;
  if (/\broot\b/.test(advice)) return 'record this host again as root, who may see it';
  return 'the recording shows no more than this: look at the host itself';
}
