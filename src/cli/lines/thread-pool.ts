import type { Worker } from 'node:worker_threads'

/** So many questions a thread has before it: it need not wait for the next one, and no more is held. */
const AHEAD = 2

/** What there is of a worker. */
export type Answerer = Pick<Worker, 'on' | 'postMessage' | 'terminate'>

interface Thread {
  worker: Answerer
  /** Who waits for its answers, the first first. */
  waiting: { resolve(answer: unknown): void; reject(error: unknown): void }[]
}

/** Threads that answer questions side by side, each one question after the other. */
export class ThreadPool<Question, Answer> {
  readonly #threads: Thread[]

  constructor(workers: readonly Answerer[]) {
    this.#threads = workers.map((worker) => {
      const waiting: Thread['waiting'] = []
      const fail = (error: unknown) => {
        for (const one of waiting.splice(0)) one.reject(error)
      }
      worker.on('message', (answer) => waiting.shift()?.resolve(answer))
      worker.on('error', fail)
      worker.on('exit', () => fail(new Error('a thread has ended before its work')))
      return { worker, waiting }
    })
  }

  /**
   * The answers in the order of the questions, of which only so many are taken as can be worked on. What a thread throws
   * is thrown here.
   * @param handedOver what of a question is handed over instead of copied
   */
  async *answers(
    questions: Iterable<Question>,
    handedOver: (question: Question) => ArrayBuffer,
  ): AsyncGenerator<Answer> {
    const open: Promise<Answer>[] = []
    for (const question of questions) {
      open.push(this.#ask(question, handedOver(question)))
      if (open.length >= AHEAD * this.#threads.length) yield (await open.shift())!
    }
    for (const answer of open) yield await answer
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #ask(question: Question, buffer: ArrayBuffer): Promise<Answer> {
    const [idlest] = this.#threads.toSorted((a, b) => a.waiting.length - b.waiting.length)
    const answer = new Promise<unknown>((resolve, reject) => idlest!.waiting.push({ resolve, reject }))
    // What it throws is thrown where it is waited for, which may be later.
    answer.catch(() => undefined)
    idlest!.worker.postMessage(question, [buffer])
    return answer as Promise<Answer>
  }
}
