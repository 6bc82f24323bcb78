/** What a topic's configuration asks of cleaning; times in milliseconds, sizes in bytes of values per partition. */
export interface CleanupPolicy {
  readonly delete?: { readonly retentionMs?: number; readonly retentionBytes?: number };
  readonly compact?: { readonly tombstoneMs: number };
}

/** Kafka's defaults for the settings that the embedded log knows. */
export const configurationDefaults: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'delete.retention.ms': '86400000',
  'max.message.bytes': '1048588',
  'retention.bytes': '-1',
  'retention.ms': '604800000',
  'segment.bytes': '1073741824',
  'segment.ms': '604800000',
};

export function policyOf(config: Readonly<Record<string, string>>): CleanupPolicy {
  const setting = (name: string) => config[name] ?? configurationDefaults[name] ?? '';
  const policies = setting('cleanup.policy')
    .split(',')
    .map((policy) => policy.trim());
  const retentionMs = Number(setting('retention.ms'));
  const retentionBytes = Number(setting('retention.bytes'));
  return {
    ...(policies.includes('delete') && {
      delete: {
        ...(retentionMs >= 0 && { retentionMs }),
        ...(retentionBytes >= 0 && { retentionBytes }),
      },
    }),
    ...(policies.includes('compact') && {
      compact: { tombstoneMs: Number(setting('delete.retention.ms')) },
    }),
  };
}
