import { ConflictException, CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import type { Clock } from '../engine/clock.ts'
import type { Waker } from '../engine/ports.ts'
import { wokenAt } from '../engine/waits/moments.ts'
import { groupOf, type Message, messageText } from '../queue/messages.ts'
import { prompt } from '../queue/prompt.ts'
import type { RunsQueue } from '../queue/runs-queue.ts'
import { queueWakes } from '../queue/wakes.ts'
import { endingWithInvocation } from './invoked.ts'
import type { Settings } from './settings/settings.ts'

/**
 * Wakes runs through the runs queue: now by a message, later by a one-time schedule that sends it. FIFO queues know no
 * message delay. A schedule that is lost is made up for by the sweeper; one that comes early is set again.
 */
export function queueWaker(
  ports: { queue: RunsQueue; clock: Clock },
  settings: Pick<Settings, 'runsQueueArn' | 'scheduleGroup' | 'scheduleRoleArn' | 'timersDlqArn'>,
  scheduler = endingWithInvocation(new SchedulerClient(prompt())),
): Waker {
  return {
    ...queueWakes(ports),
    async later(run) {
      const due = Math.ceil(wokenAt(run) / 1000) * 1000
      const message: Message = { kind: 'wake', run: run.id, why: 'timer', due: new Date(due).toISOString() }
      try {
        await scheduler.send(
          new CreateScheduleCommand({
            // Named by the state that waits: the same wait is one schedule, however often it is asked for.
            Name: `${run.id}-${run.revision}-${due}`,
            GroupName: settings.scheduleGroup,
            ScheduleExpression: `at(${new Date(due).toISOString().slice(0, 19)})`,
            ScheduleExpressionTimezone: 'UTC',
            FlexibleTimeWindow: { Mode: 'OFF' },
            ActionAfterCompletion: 'DELETE',
            Target: {
              Arn: settings.runsQueueArn,
              RoleArn: settings.scheduleRoleArn,
              Input: messageText(message),
              SqsParameters: { MessageGroupId: groupOf(run.resource) },
              DeadLetterConfig: { Arn: settings.timersDlqArn },
            },
          }),
        )
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error
      }
    },
  }
}
