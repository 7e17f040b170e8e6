import type { GivenDefinition } from '../facts/fact.ts';
import type { ConnectionUri } from '../libvirt/virsh.ts';
import type { Report } from '../report/model.ts';
import type { DomainInput } from './domain-input.ts';

/** One run of `passcheck lint`: what is judged, and with what. */
export interface LintRun {
  readonly inputs: readonly DomainInput[];
  /** Of libvirt, for the commands that are shown. */
  readonly connection: ConnectionUri;
  readonly isRecorded: boolean;
  toDefinition(input: DomainInput): GivenDefinition;
  /** Judges definitions with the rules, the host and the configuration of this run; the host is looked at once. */
  judge(definitions: readonly GivenDefinition[]): Promise<Report>;
  /** The same with every rule: what --fix does for some must not harm others. */
  judgeWithAll(definitions: readonly GivenDefinition[]): Promise<Report>;
  /** Is it one of the rules of this run? */
  isSelected(id: string): boolean;
}
