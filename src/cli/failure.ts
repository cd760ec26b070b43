/** Failures as the command line shows them: what happened, why, what to do, and the exit code. */
import { ERRORS, errorAction, errorSentence, isGluonError } from '../contract/errors.ts';
import { stripTerminal } from '../core/text/strip-terminal.ts';
import type { ExitCode } from './exit-code.ts';
import { safeJson } from './terminal/json.ts';

export interface Failure {
  readonly code: string;
  readonly sentence: string;
  readonly action: string;
  readonly exit: ExitCode;
}

/** A refusal or failure that the server told. */
export class ServerFailure extends Error implements Failure {
  override readonly name = 'ServerFailure';
  readonly code: string;
  readonly sentence: string;
  readonly action: string;
  readonly exit: ExitCode;

  constructor(failure: Failure) {
    super(failure.sentence);
    this.code = failure.code;
    this.sentence = failure.sentence;
    this.action = failure.action;
    this.exit = failure.exit;
  }
}

/** Whatever was thrown, as something a person can read. What is no known failure is a defect and says so. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof ServerFailure) return error;
  if (isGluonError(error)) {
    return {
      code: error.code,
      sentence: errorSentence(error.code, error.params),
      action: errorAction(error.code, error.params),
      exit: ERRORS[error.code].exit,
    };
  }
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'cli_defect', sentence: `gluon itself failed: ${why}`, action: 'Please report it with what you typed.', exit: 1 };
}

/** For standard error: with `--json` one line `{"error": {code, sentence, action}}`. */
export function renderFailure(failure: Failure, json: boolean): string {
  const { code, sentence, action } = failure;
  if (json) return `${safeJson({ error: { code, sentence, action } })}\n`;
  const advice = action === '' ? '' : `  ${stripTerminal(action)}\n`;
  return `gluon: ${stripTerminal(sentence)}\n${advice}`;
}

/** Reads an RFC 9457 problem document; an answer that is none is described by its status. */
export function failureOfProblem(status: number, body: unknown): ServerFailure {
  const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const code = typeof problem.code === 'string' ? problem.code : `http_${status}`;
  const known = Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS] : undefined;
  const sentence = firstText(problem.detail, problem.title) ?? `The server answered with status ${status}.`;
  const action = firstText(problem.action) ?? known?.action ?? '';
  return new ServerFailure({ code, sentence, action, exit: known?.exit ?? exitOfStatus(status) });
}

function firstText(...candidates: unknown[]): string | undefined {
  return candidates.find((candidate): candidate is string => typeof candidate === 'string' && candidate !== '');
}

function exitOfStatus(status: number): ExitCode {
  if (status === 404) return 3;
  if (status === 401 || status === 403 || status === 409) return 4;
  return status === 400 || status === 413 || status === 415 || status === 422 ? 2 : 1;
}
