import * as fs from 'node:fs';
import { dirname } from 'node:path';

import { disksOf } from '../../domain/disks.ts';
import { attribute } from '../../domain/xml.ts';
import type { Connection } from '../../libvirt/connection.ts';
import type { Caller } from '../../provision/state/folder.ts';
import { readDetails } from '../details.ts';
import { libvirtPlaces, nvramPlace, type Place, tpmPlace } from '../places.ts';
import type { Attempt, Problem } from '../problem.ts';
import { READ_MS, type Vm } from '../read-vms.ts';
import { type DiskSource, writtenDisks } from './disks.ts';
import type { ImageInfo, ImageTool } from './qemu-img.ts';

/** A VM that is off, with everything of it that a snapshot is about. */
export interface Subject {
  readonly vm: Vm;
  readonly disks: readonly SubjectDisk[];
  /** Null: it has none. */
  readonly nvram: SubjectPlace | null;
  readonly tpm: SubjectPlace | null;
}

export interface SubjectDisk {
  readonly target: string;
  readonly path: string;
  readonly info: ImageInfo;
}

export interface SubjectPlace {
  readonly path: string;
  /** False: firmware or TPM have not kept anything yet. */
  readonly exists: boolean;
}

export interface SubjectRequest {
  readonly connection: Connection;
  readonly vm: Vm;
  /** All of the connection. */
  readonly vms: readonly Vm[];
  readonly images: ImageTool;
  readonly caller: Caller;
}

/** Looks whether a snapshot of a VM can be taken or gone back to: everything that speaks against it is told. */
export async function lookAtSubject(request: SubjectRequest): Promise<Attempt<Subject>> {
  const { connection, vm, images, caller } = request;
  if (vm.state !== 'shut off') return { ok: false, problems: [runs(vm)] };
  const problems: Problem[] = [...(await libvirtProblems(connection, vm))];
  const written = writtenDisks(vm.root);
  problems.push(...written.problems);
  const disks: SubjectDisk[] = [];
  for (const source of written.disks) {
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    const looked = await lookAtDisk(source, connection, images);
    if (looked.ok) disks.push(looked.value);
    else problems.push(...looked.problems);
  }
  problems.push(...(await otherUsers(request, disks)));
  const places = libvirtPlaces(connection.uri, caller);
  if (places === null)
    problems.push({ message: 'HOME is not set, so it is not known where libvirt keeps its firmware settings', fix: null });
  const nvram = places === null ? null : placed(nvramPlace(vm.root, places), 'UEFI settings', problems);
  const tpm = places === null ? null : placed(tpmPlace(vm.root, vm.uuid, places), 'TPM state', problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { vm, disks, nvram, tpm } };
}

/** A path with every link in it followed, where it is there. */
export function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}

/** Its images are locked by QEMU: nothing else can be seen. */
function runs({ state, name }: Vm): Problem {
  return { message: `it is ${state}: its images are in use`, fix: `Shut it down first, or add --stop: passcheck vm stop ${name}` };
}

async function libvirtProblems(connection: Connection, { uuid, name }: Vm): Promise<Problem[]> {
  const details = (await readDetails(connection, [uuid])).get(uuid) ?? null;
  if (details === null)
    return [{ message: 'libvirt does not say which snapshots it has', fix: `See for yourself: virsh snapshot-list ${name}` }];
  const [first] = details.snapshots;
  return [
    ...(details.hasManagedSave
      ? [
          {
            message: 'its memory was saved, and would not fit other disks',
            fix: `Start it and shut it down, or: virsh managedsave-remove ${name}`,
          },
        ]
      : []),
    ...(first === undefined
      ? []
      : [
          {
            message: `libvirt has snapshots of it (${details.snapshots.length}, like ${first}): the two kinds together lose data`,
            fix: `Go on with those of libvirt, or delete them: virsh snapshot-list ${name}`,
          },
        ]),
  ];
}

async function lookAtDisk(source: DiskSource, connection: Connection, images: ImageTool): Promise<Attempt<SubjectDisk>> {
  const { target } = source;
  const path = await pathOf(source, connection);
  if (path === null) return { ok: false, problems: [{ message: `libvirt does not say which file ${target} is`, fix: 'Start its pool' }] };
  const closed = accessProblem(path, `${target} (${path})`);
  if (closed !== null) return { ok: false, problems: [closed] };
  const looked = await images.info(path);
  if (!looked.ok)
    return { ok: false, problems: looked.problems.map(({ message, fix }) => ({ message: `${target} (${path}): ${message}`, fix })) };
  const { faults } = looked.value;
  if (faults.length > 0) return { ok: false, problems: faults.map((fault) => ({ message: `${target} (${path}) ${fault}`, fix: null })) };
  return { ok: true, value: { target, path, info: looked.value } };
}

async function pathOf(source: DiskSource, connection: Connection): Promise<string | null> {
  if ('path' in source) return source.path;
  const { exitCode, stdout } = await connection.run(['vol-path', '--pool', source.pool, '--vol', source.volume], { timeoutMs: READ_MS });
  const path = stdout.trim();
  return exitCode === 0 && path.startsWith('/') ? path : null;
}

/** Going back on a disk changes it for whoever else has it. */
async function otherUsers({ connection, vm, vms }: SubjectRequest, disks: readonly SubjectDisk[]): Promise<Problem[]> {
  const ours = new Map(disks.flatMap(({ target, path, info }) => [path, ...info.bases].map((one) => [realPath(one), target] as const)));
  const problems: Problem[] = [];
  for (const other of vms.filter(({ uuid }) => uuid !== vm.uuid)) {
    for (const { path, source, isReadOnly } of disksOf(other)) {
      const [pool, volume] = [attribute(source, 'pool'), attribute(source, 'volume')];
      const named = pool !== null && volume !== null ? { target: '', pool, volume } : null;
      // oxlint-disable-next-line no-await-in-loop -- few have such disks
      const theirs = path ?? (named === null ? null : await pathOf(named, connection));
      const target = theirs === null ? undefined : ours.get(realPath(theirs));
      if (target !== undefined && !isReadOnly)
        problems.push({ message: `${theirs} of its ${target} is also a disk of ${other.name}`, fix: null });
    }
  }
  return problems;
}

function placed(place: Place, what: string, problems: Problem[]): SubjectPlace | null {
  if (place.kind === 'none') return null;
  if (place.kind === 'elsewhere') {
    problems.push({ message: place.what, fix: null });
    return null;
  }
  try {
    const there = place.paths.find((path) => fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined);
    const path = there ?? place.paths[0] ?? '';
    const closed = there === undefined ? null : (accessProblem(dirname(path), what) ?? accessProblem(path, what));
    if (closed !== null) problems.push(closed);
    return { path, exists: there !== undefined };
  } catch (error) {
    problems.push(closedTo(place.paths[0] ?? '', what, error));
    return null;
  }
}

function accessProblem(path: string, what: string): Problem | null {
  try {
    fs.accessSync(path, fs.constants.R_OK | fs.constants.W_OK);
    return null;
  } catch (error) {
    return closedTo(path, what, error);
  }
}

const AS_ROOT = 'Run this as root: sudo';

function closedTo(path: string, what: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return { message: `${what}: it is not there`, fix: 'Put the image back, or take the disk out of the VM' };
  if (code === 'EACCES' || code === 'EPERM') return { message: `${what}: this user may not change ${path}`, fix: AS_ROOT };
  return { message: `${what}: ${path} cannot be changed: ${String(code) || String(error)}`, fix: null };
}
