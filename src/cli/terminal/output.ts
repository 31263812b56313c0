import { colours, type Paint, plain } from '../../reports/paint.ts'

/**
 * Where a command writes: its result to stdout (one JSON document with `--json`, text for people without),
 * everything else to stderr.
 */
export interface Output {
  readonly json: boolean
  /** Colour of stdout. */
  readonly paint: Paint
  /** Colour of stderr. */
  readonly notePaint: Paint
  /** Columns of the terminal that stdout is; absent where it is none. */
  readonly width?: number
  /** Whether a person can be asked: stdin and stderr are terminals, and neither `--json` nor `CI` says no. */
  readonly interactive: boolean
  /** Whether stderr is a terminal, where a line may be written over. */
  readonly updating: boolean
  /** The result. Only the first counts, so that stdout never holds two documents. */
  result(document: unknown, text: () => string): void
  /**
   * Lines for programs in place of a result, as many as there are; waits while they are not taken.
   * @returns false when nobody reads any more
   */
  lines(text: string | Uint8Array): Promise<boolean>
  /** Text for people ahead of the result, on stdout; nothing with `--json`. */
  say(text: string): void
  /** A line for people, on stderr. */
  note(line: string): void
  /** The line at the bottom of the terminal that tells how far it is; empty takes it away. */
  status(line: string): void
  /** Keeps stderr to a question while it is open: lines for people come after it. */
  asking<T>(question: () => Promise<T>): Promise<T>
  /** Resolves when all is written; false when something could not be, though somebody was there to read it. */
  flushed(): Promise<boolean>
}

type Environment = Record<string, string | undefined>

/** Output of this process. Neither a reader that has gone (`| head`) nor a full disk stops the work: what is begun is ended. */
export function processOutput(json: boolean, env: Environment): Output {
  let unwritten = false
  const heard = (stream: NodeJS.WriteStream) =>
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      unwritten ||= !['EPIPE', 'ERR_STREAM_DESTROYED'].includes(code ?? '')
    })
  const stdout = heard(process.stdout)
  // Each stream is a megabyte of Node's own code: those that a command may do without are opened when they are asked for.
  let opened: NodeJS.WriteStream | undefined
  const stderr = () => (opened ??= heard(process.stderr))
  const isForPeople = !json && !isSet(env.CI)
  let status = ''
  let given = false
  /** Lines that have to wait until an open question is answered. */
  let held: string[] | undefined
  const clear = () => (status === '' ? '' : '\r\u001b[2K')
  return {
    json,
    paint: paintOf(stdout.isTTY, env),
    get notePaint() {
      return paintOf(stderr().isTTY, env)
    },
    ...(stdout.isTTY && stdout.columns > 0 && { width: stdout.columns }),
    get interactive() {
      return isForPeople && Boolean(process.stdin.isTTY && stderr().isTTY)
    },
    get updating() {
      return isForPeople && Boolean(stderr().isTTY)
    },
    result(document, text) {
      if (status !== '') this.status('')
      if (given) return
      given = true
      stdout.write(json ? `${JSON.stringify(document)}\n` : endLine(text()))
    },
    lines(text) {
      given = true
      return taken(stdout, text)
    },
    say(text) {
      if (!json) stdout.write(endLine(text))
    },
    note(line) {
      if (held) held.push(line)
      else stderr().write(`${clear()}${endLine(line)}${status}`)
    },
    status(line) {
      if (held || !this.updating) return
      const shown = line.slice(0, (stderr().columns || 80) - 1)
      stderr().write(`${clear()}${shown}`)
      status = shown
    },
    async asking(question) {
      this.status('')
      held = []
      try {
        return await question()
      } finally {
        const lines = held
        held = undefined
        for (const line of lines) this.note(line)
      }
    },
    async flushed() {
      await Promise.all((opened ? [stdout, opened] : [stdout]).map((stream) => taken(stream, '')))
      return !unwritten
    },
  }
}

/** Whether a text was taken by whoever reads the stream; waits until it was. */
function taken(stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<boolean> {
  return new Promise((done) => stream.write(text, (error) => done(!error)))
}

/** `CI=false`, `CI=0` and the empty text are no. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}

/** https://no-color.org: any text but the empty one means no colour. */
function paintOf(terminal: boolean | undefined, env: Environment): Paint {
  return terminal && !env.NO_COLOR && env.TERM !== 'dumb' ? colours : plain
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
