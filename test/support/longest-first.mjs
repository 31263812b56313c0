// In which order test files run. Where no run was timed before, Jest goes by the size of a file, and a small one that waits
// for minutes comes last, with nothing beside it.
import Sequencer from '@jest/test-sequencer'

/** Those that wait longest at the head; of a folder all that is in it. */
const FIRST = [
  'test/e2e/deployed/kills.test.ts',
  'test/bench/slack/approvals.test.ts',
  'test/e2e/deployed/',
  'test/e2e/',
  'test/cli/',
  'test/bench/',
]

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = FIRST.findIndex((each) => path.includes(`/${each}`))
      return at < 0 ? FIRST.length : at
    }
    // A sort keeps the order of equals: within a place it stays Jest's own.
    return super.sort(tests).toSorted((a, b) => place(a) - place(b))
  }
}
