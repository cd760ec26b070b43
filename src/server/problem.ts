/** Failures as RFC 9457 problem documents. */
import { ZodError } from 'zod';
import { ERRORS, type ErrorParams, errorAction, errorSentence, GluonError, isGluonError } from '../contract/errors.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export interface Problem {
  /** Where the kind of failure is described. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What happened. */
  readonly detail: string;
  /** Stable name of the failure, for programs. */
  readonly code: string;
  /** What the person can do. */
  readonly action: string;
  /** This one occurrence; the log of the server carries the same id. */
  readonly instance: string;
  readonly retryable: boolean;
  readonly params: ErrorParams;
  /** The fields that were wrong. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** An answer names so many wrong fields at most. */
const MAX_FIELD_ERRORS = 20;
/** Input comes back in problems: not at any length. */
const MAX_TEXT = 400;

export function problemOf(error: GluonError, requestId: string): Problem {
  const { status, retryable } = ERRORS[error.code];
  const params = shortened(error.params);
  const errors = fieldErrors(error.cause);
  return {
    type: `/api/docs#error-${error.code}`,
    title: titleOf(error.code),
    status,
    detail: errorSentence(error.code, params),
    code: error.code,
    action: errorAction(error.code, params),
    instance: `urn:gluon:request:${requestId}`,
    retryable,
    params,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

export function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The refusal of an input that does not fit its schema; its cause carries the fields. */
export function invalidInput(error: ZodError): GluonError {
  const first = error.issues[0];
  const field = first === undefined ? '' : first.path.join('.');
  const message = first?.message ?? 'it does not fit';
  return new GluonError('bad_request', { why: cut(field === '' ? message : `${field}: ${message}`) }, { cause: error });
}

/** What the framework and the platform throw, in the words of the catalogue; null when it is no fault of the request. */
export function requestFault(error: unknown): GluonError | null {
  if (isGluonError(error)) return error;
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new GluonError('too_large', { what: 'the body', limit: 'of this address' });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new GluonError('unsupported_media_type');
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new GluonError('bad_request', { why: 'a part of the address is too long' });
  if (code === 'FST_ERR_BAD_URL') return new GluonError('bad_request', { why: 'the address is not properly encoded' });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new GluonError('bad_request', { why: cut(String(message)) });
  }
  return null;
}

function fieldErrors(cause: unknown): { pointer: string; detail: string }[] {
  if (!(cause instanceof ZodError)) return [];
  return cause.issues.slice(0, MAX_FIELD_ERRORS).map((issue) => ({
    pointer: cut(issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')),
    detail: cut(issue.message),
  }));
}

function shortened(params: ErrorParams): ErrorParams {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? cut(value, 2_000) : value]));
}

function cut(text: string, limit = MAX_TEXT): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
