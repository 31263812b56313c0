import type { Tags } from './inspection.ts'

/** Tags as most services list them. */
export function tagsIn(list: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Tags {
  return Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]))
}
