import * as z from 'zod/mini';

/** One difference between what is asked for and what is there. */
const changeSchema = z.strictObject({
  /** The place in words of libvirt's definition: `memory`, `disk vda: driver cache`. */
  field: z.string(),
  /** Null: it is not there. */
  from: z.nullable(z.string()),
  /** Null: it goes away. */
  to: z.nullable(z.string()),
  /** `now`, or `next start`: the VM or network runs, and keeps what it has until it is started again. */
  effect: z.enum(['now', 'next start']),
});

export type Change = z.infer<typeof changeSchema>;

export const OBJECT_KINDS = ['network', 'pool', 'volume', 'domain'] as const;

const objectSchema = z.strictObject({ kind: z.enum(OBJECT_KINDS), name: z.string() });

/** What an action is about. */
export type PlannedObject = z.infer<typeof objectSchema>;

const xml = z.string();
const uuid = z.string();
const path = z.string();

/**
 * One mutating call, with everything that it needs. Each can be cut off and done again: what it makes is named by the spec, and what
 * it changes is replaced as a whole by libvirt.
 */
const stepSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('define-network'), xml, replaces: z.nullable(xml) }),
  z.strictObject({ do: z.literal('start-network'), uuid }),
  z.strictObject({ do: z.literal('autostart-network'), uuid, on: z.boolean() }),
  z.strictObject({ do: z.literal('stop-network'), uuid }),
  z.strictObject({ do: z.literal('undefine-network'), uuid, replaces: xml }),
  z.strictObject({ do: z.literal('define-pool'), xml, replaces: z.nullable(xml) }),
  z.strictObject({ do: z.literal('build-pool'), uuid }),
  z.strictObject({ do: z.literal('start-pool'), uuid }),
  z.strictObject({ do: z.literal('autostart-pool'), uuid, on: z.boolean() }),
  z.strictObject({ do: z.literal('stop-pool'), uuid }),
  z.strictObject({ do: z.literal('undefine-pool'), uuid, replaces: xml }),
  /** Only state of passcheck itself: the pool has no place for a mark. */
  z.strictObject({ do: z.literal('own-pool'), uuid }),
  z.strictObject({ do: z.literal('create-volume'), pool: z.string(), volume: z.string(), path, xml }),
  /** A volume whose making was cut off, and that nothing ever used. */
  z.strictObject({ do: z.literal('recreate-volume'), pool: z.string(), volume: z.string(), path, xml }),
  z.strictObject({ do: z.literal('grow-volume'), pool: z.string(), volume: z.string(), path, toBytes: z.number() }),
  z.strictObject({ do: z.literal('grow-disk'), uuid, path, toBytes: z.number() }),
  z.strictObject({ do: z.literal('own-volume'), pool: z.string(), volume: z.string(), path }),
  z.strictObject({ do: z.literal('delete-volume'), pool: z.string(), volume: z.string(), path }),
  z.strictObject({ do: z.literal('define-domain'), uuid, xml, replaces: z.nullable(xml) }),
  z.strictObject({ do: z.literal('autostart-domain'), uuid, on: z.boolean() }),
  /** The agent, then ACPI; never the power. */
  z.strictObject({ do: z.literal('shut-down-domain'), uuid, timeoutMs: z.number() }),
  z.strictObject({ do: z.literal('undefine-domain'), uuid, replaces: xml, snapshotsMetadata: z.boolean() }),
  z.strictObject({ do: z.literal('delete-nvram'), uuid, path }),
  z.strictObject({ do: z.literal('delete-tpm'), uuid, path }),
]);

export type Step = z.infer<typeof stepSchema>;

const actionSchema = z.strictObject({
  object: objectSchema,
  /** `create`: it is not there; `change`; `remove`; `adopt`: it gets a mark, and nothing else changes. */
  verb: z.enum(['create', 'change', 'start', 'remove', 'adopt']),
  /** What is done and why, in one line without the name: `memory 8 GiB → 16 GiB`. */
  summary: z.string(),
  changes: z.array(changeSchema),
  step: stepSchema,
});

/** An object to change, why, and the one call that does it. */
export type Action = z.infer<typeof actionSchema>;

const remarkSchema = z.strictObject({ object: z.nullable(objectSchema), message: z.string(), fix: z.nullable(z.string()) });

/** Something about an object that people have to know. */
export type Remark = z.infer<typeof remarkSchema>;

/** What a command would do, and does. The same spec and the same world give the same plan. */
export const planSchema = z.strictObject({
  schema: z.literal(1),
  tool: z.strictObject({ name: z.literal('passcheck'), version: z.string() }),
  command: z.enum(['apply', 'destroy', 'adopt', 'prune']),
  /** The name in the spec. */
  spec: z.string(),
  connection: z.enum(['qemu:///system', 'qemu:///session']),
  /** Which machine it is for: a hash of its machine-id. */
  host: z.string(),
  actions: z.array(actionSchema),
  /** What was applied before and waits for the next start of a VM or network. */
  pending: z.array(z.strictObject({ object: objectSchema, changes: z.array(changeSchema) })),
  /** What passcheck does not do, and how a person gets on. With one of these nothing at all is done. */
  refused: z.array(remarkSchema),
  /** What is there beside the spec and is left alone, what could not be seen. */
  notes: z.array(remarkSchema),
  /** The spec that it was made from, so that a stored plan can be held against the world. Null for adopt and the like. */
  source: z.nullable(z.string()),
});

export type Plan = z.infer<typeof planSchema>;
