const NOT_RECORDED = /\b(?:does not hold it|did not record it|not recorded)\b/;

/** Does a reason say that nobody recorded it? The words are those of `tree.ts` and `snapshot.ts`. */
export function saysNotRecorded(reason: string): boolean {
  return NOT_RECORDED.test(reason);
}
