import type { Rejection } from '../../findings/finding.ts'

/** Most that a packed file may hold, in bytes: what grows beyond it was made to. Node's longest text has 512 MB. */
export const MAX_UNPACKED_BYTES = 256 * 1024 * 1024

/** How files that hold text in UTF-16 begin, which Windows writes by default. */
const UTF_16: [mark: number[], encoding: 'utf-16le' | 'utf-16be'][] = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/**
 * The text of an event file: UTF-8, or UTF-16 with a byte order mark, as it stands or packed by gzip (told by its
 * first bytes, whatever the name). What cannot be unpacked is refused under `event`, never an error.
 * @param most of an unpacked file, in bytes
 */
export function eventText(
  bytes: Uint8Array,
  event: string,
  most = MAX_UNPACKED_BYTES,
): { text: string } | { refused: Rejection } {
  if (!beginsWith(bytes, [0x1f, 0x8b])) return { text: decoded(bytes) }
  try {
    // Loaded with the first packed file.
    const { gunzipSync } = process.getBuiltinModule('node:zlib')
    return { text: decoded(gunzipSync(bytes, { maxOutputLength: most })) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? { refused: { event, code: 'tooLarge', reason: `unpacks to more than ${most} bytes` } }
      : { refused: { event, code: 'notJson', reason: `cannot be unpacked (gzip): ${message}` } }
  }
}

function decoded(bytes: Uint8Array): string {
  const encoding = UTF_16.find(([mark]) => beginsWith(bytes, mark))?.[1] ?? 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

function beginsWith(bytes: Uint8Array, mark: number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte)
}
