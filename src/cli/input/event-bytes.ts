import { BadEvent } from '../../findings/bad-event.ts'

/** Most that a packed file may hold where all of it is kept, in bytes: what grows beyond it was made to. */
export const MAX_UNPACKED_BYTES = 256 * 1024 * 1024

/** How files that hold text in UTF-16 begin, which Windows writes by default. */
const UTF_16: [mark: number[], encoding: 'utf-16le' | 'utf-16be'][] = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

type Bytes = AsyncIterable<Uint8Array>

/**
 * The text of events, piece by piece: UTF-8, or UTF-16 with a byte order mark, as it stands or packed by gzip (told by
 * its first bytes, whatever the name).
 * @param most of what is packed, in bytes, after it was unpacked
 * @throws BadEvent `notJson` for what cannot be unpacked, `tooLarge` for what unpacks to more
 */
export async function* eventText(bytes: Bytes, most = MAX_UNPACKED_BYTES): AsyncGenerator<string> {
  const given = await begun(bytes)
  const packed = beginsWith(given.head, [0x1f, 0x8b])
  const { head, all } = packed ? await begun(unpacked(given.all, most)) : given
  const encoding = UTF_16.find(([mark]) => beginsWith(head, mark))?.[1] ?? 'utf-8'
  yield* decoded(all, encoding)
}

/** Text in UTF-8 whose beginning has been read already. */
export const utf8Text = (bytes: Bytes): AsyncGenerator<string> => decoded(bytes, 'utf-8')

async function* decoded(bytes: Bytes, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

/** The first bytes, by which one tells what all of them are. */
async function begun(bytes: Bytes): Promise<{ head: Uint8Array; all: Bytes }> {
  const pieces = bytes[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  while (head.length < 2) {
    const { value, done } = await pieces.next()
    if (done) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  const all = async function* () {
    yield head
    yield* { [Symbol.asyncIterator]: () => pieces }
  }
  return { head, all: all() }
}

async function* unpacked(bytes: Bytes, most: number): AsyncGenerator<Uint8Array> {
  // Loaded with the first packed file.
  const { createGunzip } = process.getBuiltinModule('node:zlib')
  const { Readable, pipeline } = process.getBuiltinModule('node:stream')
  const unpacking = createGunzip({ chunkSize: 64 * 1024 })
  // What goes wrong comes out of the end that is read.
  pipeline(Readable.from(bytes), unpacking, () => undefined)
  let size = 0
  try {
    for await (const piece of unpacking) {
      size += piece.length
      if (size > most) throw new BadEvent('tooLarge', `unpacks to more than ${most} bytes`)
      yield piece
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('Z_')) throw error
    throw new BadEvent('notJson', `cannot be unpacked (gzip): ${message}`)
  }
}

function beginsWith(bytes: Uint8Array, mark: number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte)
}
