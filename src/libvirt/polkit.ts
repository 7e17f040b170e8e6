/** Who the polkit rules of a file let manage libvirt, as far as it can be told without running them. */
export interface PolkitGrants {
  readonly groups: readonly string[];
  readonly users: readonly string[];
  /** It speaks of libvirt and names nobody: only polkit knows what it does. */
  readonly isOpaque: boolean;
}

export const MANAGE_ACTION = 'org.libvirt.unix.manage';

/**
 * Reads a file of rules.d (JavaScript): each rule is the text from one `polkit.addRule` to the next. A rule that speaks of
 * `org.libvirt` grants to the groups of `isInGroup("…")` and the users of `user == "…"`. polkit(8)
 */
export function parsePolkitRules(text: string): PolkitGrants {
  const code = text.replaceAll(/^[ \t]*\/\/.*$/gm, '');
  const rules = code
    .split('polkit.addRule')
    .filter((rule) => rule.includes('org.libvirt') && !/\bid\s*===?\s*["']org\.libvirt\.unix\.monitor/.test(rule));
  const groups = rules.flatMap((rule) => [...rule.matchAll(/isInGroup\(\s*["']([\w.-]{1,64})["']/g)].map((match) => match[1] ?? ''));
  const users = rules.flatMap((rule) =>
    [...rule.matchAll(/subject\.user\s*===?\s*["']([\w.-]{1,64})["']/g)].map((match) => match[1] ?? ''),
  );
  const grants = rules.some((rule) => /Result\.YES/.test(rule));
  if (rules.length > 0 && groups.length + users.length === 0) return { groups: [], users: [], isOpaque: true };
  return grants
    ? { groups: [...new Set(groups)], users: [...new Set(users)], isOpaque: false }
    : { groups: [], users: [], isOpaque: false };
}
