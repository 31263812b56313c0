import { jsonAnswer } from '../../front/answer.ts'
import type { Answerer } from '../answerer.ts'

/** No analyzer is there: the emulator does not know the service. */
export const accessAnalyzer: Record<string, Answerer> = {
  'GET /analyzer': () => jsonAnswer({ analyzers: [] }),
}
