import '../program/map-group-by.ts'
import { parentPort, workerData } from 'node:worker_threads'
import { triaging } from '../../reports/triage/triage-json.ts'
import type { Question, Terms } from './triage-question.ts'
import { triagedBlock } from './triaged-block.ts'

/** A thread that triages blocks of lines, one after the other. */
const { heads, policy, now } = workerData as Terms
const one = triaging(heads, policy, now)

parentPort?.on('message', (question: Question) => {
  const answer = triagedBlock(question, one)
  const text = answer.lines?.text.buffer ?? answer.buffer
  parentPort?.postMessage(answer, [...new Set([answer.buffer, text])])
})
