import type { Step } from '../plan/model.ts';

/** Words of one `virsh` call, behind `virsh -c URI`. */
export type VirshWords = readonly string[];

type Ground = Extract<Step, { do: `${string}-network` | `${string}-pool` }>;

/**
 * Every call of virsh that changes anything, by what asks for it. `file` has the XML of a step that has some. Steps that have none
 * change files or passcheck's own state.
 */
export function virshCalls(step: Step, file: string): readonly VirshWords[] {
  return isGround(step) ? networkAndPoolCalls(step, file) : volumeAndDomainCalls(step, file);
}

function isGround(step: Step): step is Ground {
  return /-(?:network|pool)$/.test(step.do);
}

function networkAndPoolCalls(step: Ground, file: string): readonly VirshWords[] {
  switch (step.do) {
    case 'define-network':
      return [['net-define', file]];
    case 'start-network':
      return [['net-start', step.uuid]];
    case 'autostart-network':
      return [['net-autostart', step.uuid, ...onOff(step)]];
    case 'stop-network':
      return [['net-destroy', step.uuid]];
    case 'undefine-network':
      return [['net-undefine', step.uuid]];
    case 'define-pool':
      return [['pool-define', file]];
    case 'build-pool':
      return [['pool-build', step.uuid]];
    case 'start-pool':
      return [['pool-start', step.uuid]];
    case 'autostart-pool':
      return [['pool-autostart', step.uuid, ...onOff(step)]];
    case 'stop-pool':
      return [['pool-destroy', step.uuid]];
    case 'undefine-pool':
      return [['pool-undefine', step.uuid]];
    case 'own-pool':
      return [];
  }
}

function volumeAndDomainCalls(step: Exclude<Step, Ground>, file: string): readonly VirshWords[] {
  switch (step.do) {
    case 'create-volume':
      return [['vol-create', '--pool', step.pool, '--file', file]];
    case 'recreate-volume':
      return [
        ['vol-delete', '--pool', step.pool, '--vol', step.volume],
        ['vol-create', '--pool', step.pool, '--file', file],
      ];
    case 'grow-volume':
      return [['vol-resize', '--pool', step.pool, '--vol', step.volume, '--capacity', String(step.toBytes)]];
    case 'grow-disk':
      // Without a unit virsh takes it for KiB.
      return [['blockresize', step.uuid, step.path, '--size', `${step.toBytes}B`]];
    case 'delete-volume':
      return [['vol-delete', '--pool', step.pool, '--vol', step.volume]];
    case 'define-domain':
      return [['define', file]];
    case 'autostart-domain':
      return [['autostart', step.uuid, ...onOff(step)]];
    case 'undefine-domain':
      // Without --keep-tpm libvirt 9 deletes the state of the TPM, and with it the key of BitLocker.
      return [['undefine', step.uuid, '--keep-nvram', '--keep-tpm', ...(step.snapshotsMetadata ? ['--snapshots-metadata'] : [])]];
    case 'shut-down-domain':
      return SHUT_DOWN_MODES.map((mode) => shutDownCall(step.uuid, mode));
    case 'own-volume':
    case 'delete-nvram':
    case 'delete-tpm':
      return [];
  }
}

/** How a guest is asked to shut down: first its agent, then a press of the power button. */
export const SHUT_DOWN_MODES = ['agent', 'acpi'] as const;

export function shutDownCall(uuid: string, mode: (typeof SHUT_DOWN_MODES)[number]): VirshWords {
  return ['shutdown', uuid, '--mode', mode];
}

function onOff({ on }: { readonly on: boolean }): readonly string[] {
  return on ? [] : ['--disable'];
}

/** What virsh is given as a file. */
export function xmlOf(step: Step): string | null {
  return 'xml' in step ? step.xml : null;
}

/** The definition that a step replaces or removes. */
export function replacedBy(step: Step): string | null {
  return 'replaces' in step ? step.replaces : null;
}

/** What the journal remembers a step by: the UUID of a pool, the path of a volume; null for what has a mark, or nothing, of its own. */
export function subjectOf(step: Step): { readonly subject: string | null; readonly pool: string | null } {
  if ('pool' in step) return { subject: step.path, pool: step.pool };
  return { subject: step.do.endsWith('-pool') ? uuidOf(step) : null, pool: null };
}

/** The UUID of the object that a step defines or is about. */
export function uuidOf(step: Step): string | null {
  return 'uuid' in step ? step.uuid : uuidIn(xmlOf(step) ?? '');
}

function uuidIn(xml: string): string | null {
  return /<uuid>([0-9a-f-]{36})<\/uuid>/.exec(xml)?.[1] ?? null;
}

/** Milliseconds that a call may take. The first define of a libvirt that starts its capabilities anew took more than two minutes. */
export function timeLimit(step: Step): number {
  return SLOW.has(step.do) ? 600_000 : 180_000;
}

/** They write to, or free, as much as the disk is large. */
const SLOW: ReadonlySet<Step['do']> = new Set(['create-volume', 'recreate-volume', 'delete-volume', 'grow-volume']);
