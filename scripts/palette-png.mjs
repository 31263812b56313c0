// A picture of a page made small: Chromium writes three bytes for each pixel, and 256 colours are enough for text.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const MOST_COLOURS = 256
/** The upper five bits of each colour. */
const ALL_BUT_THE_SAME = 0xf8f8f8

/** The same picture with a palette (https://www.w3.org/TR/png-3); of more colours the rarest become their neighbours. */
export function withPalette(png) {
  const { width, height, pixels } = pixelsOf(png)
  const counts = new Map()
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = paletteOf(counts)
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]))
  const lines = Buffer.alloc(height * (width + 1))
  pixels.forEach((colour, at) => {
    lines[at + Math.floor(at / width) + 1] = places.get(colour)
  })
  const header = Buffer.from(chunksOf(png).find(({ type }) => type === 'IHDR').data)
  header[9] = 3
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  const chunks = [
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([SIGNATURE, ...chunks])
}

/** Of colours that are all but the same the most frequent one, and of those the most frequent: so a gradient has its share. */
function paletteOf(counts) {
  const byFrequency = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour)
  const alike = Map.groupBy(byFrequency, (colour) => colour & ALL_BUT_THE_SAME)
  return [...alike.values()].map(([first]) => first).slice(0, MOST_COLOURS)
}

function chunksOf(png) {
  const chunks = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const size = png.readUInt32BE(at)
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + size),
    })
    at += 12 + size
  }
  return chunks
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, check])
}

/** Each pixel as a number, line by line. */
function pixelsOf(png) {
  const chunks = chunksOf(png)
  const { data: header } = chunks.find(({ type }) => type === 'IHDR')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  // Eight bits, red, green and blue, not interlaced.
  if (header.toString('hex', 8) !== '0802000000') throw new Error('Chromium writes another kind of PNG now')
  const parts = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)
  const lines = unfiltered(inflateSync(Buffer.concat(parts)), width * 3, height)
  return {
    width,
    height,
    pixels: Uint32Array.from({ length: width * height }, (_, at) => lines.readUIntBE(at * 3, 3)),
  }
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfiltered(raw, size, height) {
  const lines = Buffer.alloc(size * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (size + 1)]
    for (let x = 0; x < size; x++) {
      const left = x >= 3 ? lines[y * size + x - 3] : 0
      const above = y > 0 ? lines[(y - 1) * size + x] : 0
      const corner = x >= 3 && y > 0 ? lines[(y - 1) * size + x - 3] : 0
      const guesses = [0, left, above, (left + above) >> 1, paeth(left, above, corner)]
      lines[y * size + x] = raw[y * (size + 1) + 1 + x] + guesses[filter]
    }
  }
  return lines
}

function paeth(left, above, corner) {
  const guess = left + above - corner
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(guess - one))
  if (a <= b && a <= c) return left
  return b <= c ? above : corner
}

function nearest(palette, colour) {
  const far = (other) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((colour >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0)
  return palette.reduce((best, other, at) => (far(other) < far(palette[best]) ? at : best), 0)
}
