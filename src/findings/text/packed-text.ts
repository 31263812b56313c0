import { BadEvent } from '../bad-event.ts'
import { MAX_BYTES } from './json-documents.ts'

/** What may still come out of packed texts of one event, in bytes: a kilobyte of gzip can hold a megabyte of nothing. */
export interface Budget {
  left: number
}

/** Of one event: ten payloads of CloudWatch Logs at their largest. */
export const unpackingBudget = (): Budget => ({ left: 8 * MAX_BYTES })

const BASE64 = /^[\w+/\-\s]+={0,2}\s*$/
/** Packed twice is usual (a log group that streams into Firehose); more is made by hand. */
const MAX_LAYERS = 4
/** Records that the Kinesis Producer Library put together: several in one, as protocol buffers. */
const AGGREGATED = [0xf3, 0x89, 0x9a, 0xc2]

/**
 * The text that is meant by a text in an envelope: itself, or what it is the base64 of, packed by gzip (CloudWatch Logs)
 * or zlib (Cloud Custodian) or not. Text that is none of these comes back as it is.
 * @throws BadEvent `tooLarge` for what unpacks to more than 8 MB or than the budget, `notJson` for what cannot be unpacked
 */
export function textMeant(text: string, budget: Budget): string {
  if (/^\s*[[{"]/.test(text) || !BASE64.test(text)) return text
  let bytes: Uint8Array = Buffer.from(text, 'base64')
  if (AGGREGATED.every((byte, index) => bytes[index] === byte)) {
    throw new BadEvent(
      'notJson',
      'a record aggregated by the Kinesis Producer Library, which is not taken apart',
    )
  }
  for (let layer = 0; layer < MAX_LAYERS && isPacked(bytes); layer++) bytes = unpacked(bytes, budget)
  const meant = Buffer.from(bytes).toString('utf8')
  // Words of plain text can be read as base64, too.
  return /^\uFEFF?\s*[[{"]/.test(meant) ? meant : text
}

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b

/** RFC 1950: method 8 in the low bits, and both bytes as one number are a multiple of 31. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return first === 0x78 && (first * 256 + second) % 31 === 0
}

const isPacked = (bytes: Uint8Array): boolean => isGzip(bytes) || isZlib(bytes)

function unpacked(bytes: Uint8Array, budget: Budget): Uint8Array {
  const { gunzipSync, inflateSync } = process.getBuiltinModule('node:zlib')
  const most = Math.min(MAX_BYTES, budget.left)
  if (most <= 0) throw new BadEvent('tooLarge', 'what is packed in the event is too much together')
  try {
    const whole = (isGzip(bytes) ? gunzipSync : inflateSync)(bytes, { maxOutputLength: most })
    budget.left -= whole.length
    return whole
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // Tried in vain, it has cost as much.
    budget.left -= most
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new BadEvent('tooLarge', `unpacks to more than ${most} bytes`)
    if (code?.startsWith('Z_')) throw new BadEvent('notJson', `cannot be unpacked: ${message}`)
    throw error
  }
}
