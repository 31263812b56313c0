import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * How much of what lives may come on top before it is collected. By itself V8 lets the heap of a long job double: nearly
 * all of it is garbage, and collecting it earlier takes a fifth less memory. It is a number that V8 reads at each
 * collection; one that does not know it goes on without.
 */
const HEAP_GROWTH_PERCENT = 30

/**
 * For work that is long and keeps little: from here on garbage is collected early, in all threads.
 * @param percent of what lives
 */
export function collectEarly(percent = HEAP_GROWTH_PERCENT): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}

/** Largest young heap of work that shall take little memory, in bytes: two halves of 8 MB. */
const YOUNG_HEAP = 16 * 1024 * 1024
/** How often it is looked at (ms): it doubles, and needs some collections for that. */
const EVERY_MS = 20

/**
 * For work that shall take little memory: the young heap, where V8 makes what is new, stays as large as it is once it has 16
 * MB. By the options with which the program starts it may become twice as large where much in it lives: what still lives
 * when it is full is copied, and in a larger one that is less. V8 reads the factor each time that it would grow.
 */
export function keepYoungHeap(): void {
  const look = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    if (young && young.space_size < YOUNG_HEAP) return
    setFlagsFromString('--semi-space-growth-factor=1')
    clearInterval(look)
  }, EVERY_MS)
  look.unref()
}
