/** 0 fine, 1 failed, 2 wrong use, 3 not found, 4 refused (policy, role, budget), 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;
