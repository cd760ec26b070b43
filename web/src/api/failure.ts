/** What a call can end with instead of an answer: the server's problem document, or a connection that was not there. */
export interface FieldError {
  /** JSON pointer to the field, as the server names it. */
  readonly pointer: string;
  readonly detail: string;
}

export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** Stable name from the catalogue of errors; `offline` when no answer came. */
  readonly code: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** What the person can do; empty when nobody says. */
  readonly action: string;
  readonly retryable: boolean;
  readonly fields: readonly FieldError[];

  constructor(
    code: string,
    status: number,
    message: string,
    more: { action?: string; retryable?: boolean; fields?: readonly FieldError[] } = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.action = more.action ?? '';
    this.retryable = more.retryable ?? false;
    this.fields = more.fields ?? [];
  }

  /** The server could not be reached: it heals by itself when the connection does. */
  get offline(): boolean {
    return this.status === 0;
  }
}

export function offlineFailure(): ApiFailure {
  return new ApiFailure('offline', 0, 'The server cannot be reached.', { action: 'It is tried again by itself.', retryable: true });
}

/** Reads a problem document (RFC 9457); anything else becomes a failure that says so. */
export function failureOf(status: number, body: unknown): ApiFailure {
  const problem = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = [problem.detail, problem.title].find((each): each is string => typeof each === 'string' && each !== '');
  return new ApiFailure(
    typeof problem.code === 'string' ? problem.code : 'not_understood',
    status,
    text ?? `The server answered ${status}.`,
    {
      action: typeof problem.action === 'string' ? problem.action : '',
      retryable: problem.retryable === true,
      fields: Array.isArray(problem.errors) ? problem.errors.filter(isFieldError) : [],
    },
  );
}

function isFieldError(value: unknown): value is FieldError {
  if (typeof value !== 'object' || value === null) return false;
  const { pointer, detail } = value as Record<string, unknown>;
  return typeof pointer === 'string' && typeof detail === 'string';
}
