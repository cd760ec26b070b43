import { z } from 'zod';

/** ISO 8601, UTC, milliseconds. */
export const Timestamp = z.string();
