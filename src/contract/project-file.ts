/** `.gluon.yml`, read from the base branch of a project, never from an agent's branch. */
import { z } from 'zod';
import { EgressPolicySchema } from './resources.ts';

const Command = z.string().min(1).max(10_000);

export const ProjectFileSchema = z.strictObject({
  /** Run once in a new working copy, inside the sandbox. */
  setup: Command.optional(),
  /** Run before a working copy is removed, inside the sandbox. */
  teardown: Command.optional(),
  /** Patterns of ignored files that are copied from the person's checkout, such as `.env`; never committed by Gluon. */
  copy: z.array(z.string().min(1).max(500)).max(100).optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
  /** How many TCP ports are leased to the run, passed as GLUON_PORT_1..n. */
  ports: z.number().int().min(0).max(20).optional(),
  base_branch: z.string().optional(),
  /** `{id8}` is filled in; the default is `gluon-task/{id8}`. */
  branch_template: z.string().optional(),
  egress: EgressPolicySchema.optional(),
  /** False: leftovers that the agent did not commit stay uncommitted. */
  auto_commit: z.boolean().optional(),
  verify: Command.optional(),
  lint: Command.optional(),
  test: Command.optional(),
  fix: Command.optional(),
  caps: z
    .strictObject({
      memory_mb: z.number().nonnegative().optional(),
      cpu_cores: z.number().nonnegative().optional(),
      pids: z.number().int().nonnegative().optional(),
      file_mb: z.number().nonnegative().optional(),
      disk_mb: z.number().nonnegative().optional(),
    })
    .optional(),
});
export type ProjectFile = z.infer<typeof ProjectFileSchema>;
