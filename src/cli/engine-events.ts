import type { ApprovalView, EngineEvent } from '../engine/index.ts';
import { type Channel, cleanLine } from '../terminal/index.ts';

interface Line {
  readonly text: string;
  readonly tone: 'good' | 'plain' | 'warn' | 'bad';
}

function describeApproval(approval: ApprovalView): Line {
  const { id, agent, action, permission, state, reviewer, origin, caller } = approval;
  // Who calls is what the caller says: the protocol has no way to prove it.
  const by = caller === undefined ? '' : `, called by what says it is ${caller}`;
  const what =
    origin === 'agent'
      ? `${agent} asks for ${permission} while it runs ${action || 'no action'}`
      : `${agent} ${action} (${permission})${by}`;
  switch (state) {
    case 'pending':
      return {
        tone: 'warn',
        text: `approval ${id} is waited for: ${what}; decide with \`mirastack-agent approval approve ${id}\` or \`… reject ${id}\``,
      };
    case 'approved':
      return { tone: 'good', text: `approval ${id} was given by ${reviewer}: ${what}` };
    case 'denied':
      return { tone: 'bad', text: `approval ${id} was denied by ${reviewer}: ${what}` };
    default:
      return { tone: 'plain', text: `approval ${id} is ${state}: ${what}` };
  }
}

/** What an event says, and how it is meant; undefined for what is not worth a line. */
export function describeEngineEvent(event: EngineEvent): Line | undefined {
  switch (event.type) {
    case 'registered':
      return {
        tone: 'good',
        text: `${event.agent} ${event.version} registered from ${event.instance.address}`,
      };
    case 'deregistered':
      return { tone: 'plain', text: `${event.agent} deregistered` };
    case 'lost':
      return { tone: 'warn', text: `${event.agent} is lost: ${event.reason}` };
    case 'health':
      if (!event.changed) return undefined;
      return { tone: 'plain', text: `${event.agent} is ${event.health}: ${event.message}` };
    case 'executed': {
      const { durationMs, outcome } = event.result;
      const by = event.caller === undefined ? '' : ` for ${event.caller}`;
      const how = outcome === 'succeeded' ? '' : `: ${outcome}`;
      return {
        tone: 'plain',
        text: `${event.agent} executed ${event.action}${by} in ${durationMs} ms${how}`,
      };
    }
    case 'approval':
      return describeApproval(event.approval);
    case 'config-updated': {
      const { version, answers } = event.change;
      const deaf = answers.filter((answer) => !answer.acknowledged);
      if (deaf.length > 0)
        return {
          tone: 'warn',
          text: `${event.agent} did not take the change of ${event.key}: ${deaf.map((answer) => answer.error).join('; ')}`,
        };
      return { tone: 'plain', text: `${event.agent} took the change of ${event.key} (version ${version})` };
    }
    case 'logged':
      return {
        tone: 'plain',
        text: `${event.agent} logged ${event.severity}: ${event.message} ${event.dataJson}`,
      };
    case 'published':
      return { tone: 'plain', text: `${event.agent} published a result of ${event.executionId}` };
    case 'refused':
      return {
        tone: 'bad',
        text: `${event.method} of ${event.agent || 'an unnamed agent'} was refused: ${event.reason}`,
      };
    case 'license':
      return { tone: 'plain', text: `the licence is ${event.active ? 'active' : 'inactive'}` };
    case 'warning':
      return { tone: 'warn', text: event.message };
    default: {
      const never: never = event;
      throw new TypeError(`unknown event ${JSON.stringify(never)}`);
    }
  }
}

/** Names and messages come from agents: the whole line is cleaned, whatever it says. */
export function showEngineEvent(event: EngineEvent, talk: Channel): void {
  const line = describeEngineEvent(event);
  if (line === undefined) return;
  const text = cleanLine(line.text);
  talk.line(line.tone === 'plain' ? text : talk.theme[line.tone](text));
}
