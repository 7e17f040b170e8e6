/** A file that a guest maps as shared memory. */
export interface MemoryBackend {
  readonly path: string;
  /** Bytes; null when it does not say. */
  readonly sizeBytes: number | null;
}

const UNITS = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 } as const;

/**
 * Shared memory in the words of a QEMU command line: `memory-backend-file,…,mem-path=/dev/kvmfr0,size=32M`, or the same as
 * JSON with either kind of quotes. https://looking-glass.io/docs/B7/ivshmem_kvmfr/
 */
export function memoryBackends(words: readonly string[]): MemoryBackend[] {
  return words.flatMap((word) => {
    const text = word.slice(0, 4096);
    if (!/memory-backend-(file|shm)/.test(text)) return [];
    const path = valueOf(text, 'mem-path');
    return path?.startsWith('/') ? [{ path, sizeBytes: parseSize(valueOf(text, 'size')) }] : [];
  });
}

function valueOf(text: string, key: string): string | null {
  return new RegExp(`(?:^|[,{\\s'"])${key}['"]?\\s*[=:]\\s*['"]?([^'",}\\s]{1,256})`).exec(text)?.[1] ?? null;
}

function parseSize(text: string | null): number | null {
  const match = /^(\d{1,15})([KMGT]?)$/i.exec(text ?? '');
  return match === null ? null : Number(match[1]) * UNITS[(match[2] ?? '').toUpperCase() as keyof typeof UNITS];
}
