import * as z from 'zod/mini';

import { ABSENT, ok, type Reading } from '../host/reading.ts';
import type { BadDescriptor, FirmwareDescriptor } from './firmware-descriptors.ts';

/** A file that a descriptor names, and its format. */
export interface NamedFile {
  readonly path: string;
  readonly format: string | null;
}

const namedFile = z.object({ filename: z.string(), format: z.optional(z.string()) });

const descriptorSchema = z.object({
  'interface-types': z.array(z.string()),
  mapping: z.object({
    device: z.string(),
    executable: z.optional(namedFile),
    'nvram-template': z.optional(namedFile),
    // `memory` and `kernel` name their file here.
    filename: z.optional(z.string()),
  }),
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
});

type ParsedDescriptor = Omit<FirmwareDescriptor, 'path' | 'executable' | 'nvramTemplate'> & {
  readonly executable: NamedFile | null;
  readonly nvramTemplate: NamedFile | null;
};

/** The text of a descriptor. Whatever is no descriptor is told apart: no JSON at all, or JSON of another shape. */
export function parseFirmwareDescriptor(text: string): ParsedDescriptor | Omit<BadDescriptor, 'path'> {
  const json = parseJson(text);
  if (json.state !== 'ok') return { kind: 'broken', detail: 'no JSON' };
  const { success, data } = z.safeParse(descriptorSchema, json.value);
  if (!success) return { kind: 'not-understood', detail: 'no firmware descriptor' };
  const { mapping } = data;
  return {
    interfaces: data['interface-types'],
    device: mapping.device,
    executable: toNamedFile(mapping.executable) ?? (mapping.filename === undefined ? null : { path: mapping.filename, format: null }),
    nvramTemplate: toNamedFile(mapping['nvram-template']),
    targets: data.targets,
    features: data.features,
  };
}

function toNamedFile(file: z.infer<typeof namedFile> | undefined): NamedFile | null {
  return file === undefined ? null : { path: file.filename, format: file.format ?? null };
}

function parseJson(text: string): Reading<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return ABSENT;
  }
}
