/**
 * Since when a run is done with, which is what retention counts from; and the branches of runs that are off the books: an agent filled
 * them, and they stay. Runs that exist count from their last change, so that none of them goes early.
 */
export const statements: readonly string[] = [
  'alter table runs add column settled_at text',
  `update runs set settled_at = updated_at where status in ('completed', 'failed', 'cancelled')`,
  'drop index runs_ended',
  'create index runs_settled on runs (status, settled_at) where settled_at is not null',

  // Also by path: a project that is removed and added again has the same branches. So nothing here goes with the project.
  `create table forgotten_branches (
    branch_name text not null, project_id text not null, project_path text not null, primary key (branch_name, project_id)
  ) strict, without rowid`,
  // Whatever removes a run. One that never started made no branch, and one in the checkout itself worked on the person's.
  `create trigger runs_branch_kept before delete on runs when old.branch_name is not null and old.use_worktree = 1 and old.attempts > 0 begin
    insert or ignore into forgotten_branches
      select old.branch_name, old.project_id, path from projects where id = old.project_id;
  end`,
];
