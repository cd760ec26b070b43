/** There being no such file is an answer; every other failure (no permission, a broken disk) is none. */
import { errorCode } from './error-code.ts';

/** What to go on with when there is no such path, or it fails with one of the further codes. Throws every other error again. */
export function whenAbsent<T>(answer: T, alsoCodes: readonly string[] = []): (error: unknown) => T {
  return (error) => {
    const code = errorCode(error) ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR' || alsoCodes.includes(code)) return answer;
    throw error;
  };
}
