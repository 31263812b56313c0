import type { Control } from '../control.ts'
import type { Answer } from '../front/answer.ts'
import type { Forward } from '../front/front.ts'
import type { AwsRequest } from '../front/request.ts'

/** Answers one operation in the emulator's place, or with its help. */
export type Answerer = (request: AwsRequest, control: Control, forward: Forward) => Promise<Answer> | Answer
