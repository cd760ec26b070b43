/**
 * What an agent can plant in the git data or files of its working copy so that git runs a program of its choice, and the plain git
 * command that proves the plant works. `$FIRE` is a command that leaves the marker.
 */
export interface Plant {
  name: string;
  /** Run as the agent, inside the sandbox, in its working copy. */
  plant: string;
  /** Run on the host with plain git in such a working copy: the mistake that Gluon must never make. Must leave the marker. */
  control: string;
}

const hook = (name: string) => `mkdir -p .git/hooks; printf '#!/bin/sh\\n%s\\n' "$FIRE" > .git/hooks/${name}; chmod +x .git/hooks/${name}`;
const script = `printf '#!/bin/sh\\n%s\\ncat\\n' "$FIRE" > .git/x; chmod +x .git/x; X=$PWD/.git/x`;
/** Ends at once, where git would wait for it to speak. */
const silent = script.replace('cat\\n', '');
const attribute = (text: string) => `echo '* ${text}' > .gitattributes; echo change >> a.txt`;

export const PLANTS: Plant[] = [
  { name: 'core.fsmonitor', plant: `${script}; git config core.fsmonitor "$X"`, control: 'git status' },
  {
    name: 'core.fsmonitor through include.path',
    plant: `${script}; printf '[core]\\nfsmonitor=%s\\n' "$X" > .git/more; git config include.path more`,
    control: 'git status',
  },
  {
    name: 'core.fsmonitor through config.worktree',
    plant: `${script}; git config extensions.worktreeConfig true; printf '[core]\\nfsmonitor=%s\\n' "$X" > .git/config.worktree`,
    control: 'git status',
  },
  {
    name: 'core.fsmonitor inside a submodule',
    plant: `${script}; git init -q sub; git -C sub commit -q --allow-empty -m s; git -C sub config core.fsmonitor "$X"; git -c advice.addEmbeddedRepo=false add sub; git commit -qm sub`,
    control: 'git status',
  },
  { name: 'hook post-checkout', plant: hook('post-checkout'), control: 'git checkout -q -b x' },
  { name: 'hook pre-commit', plant: hook('pre-commit'), control: 'git commit -q --allow-empty -m x' },
  { name: 'hook post-index-change', plant: hook('post-index-change'), control: 'echo n > n; git add n' },
  { name: 'hook reference-transaction', plant: hook('reference-transaction'), control: 'git update-ref refs/heads/x HEAD' },
  {
    name: 'core.hooksPath',
    plant: `mkdir -p .git/own; printf '#!/bin/sh\\n%s\\n' "$FIRE" > .git/own/pre-commit; chmod +x .git/own/pre-commit; git config core.hooksPath .git/own`,
    control: 'git commit -q --allow-empty -m x',
  },
  { name: 'filter clean', plant: `${script}; git config filter.f.clean "$X"; ${attribute('filter=f')}`, control: 'git add -A' },
  {
    name: 'filter clean by status',
    plant: `${script}; git config filter.f.clean "$X"; ${attribute('filter=f')}; touch dir/b.txt`,
    control: 'git status',
  },
  {
    name: 'filter smudge',
    plant: `${script}; git config filter.f.smudge "$X"; ${attribute('filter=f')}`,
    control: 'rm dir/b.txt; git checkout -q -- dir/b.txt',
  },
  { name: 'filter process', plant: `${script}; git config filter.f.process "$X"; ${attribute('filter=f')}`, control: 'git add -A || :' },
  { name: 'diff command', plant: `${script}; git config diff.d.command "$X"; ${attribute('diff=d')}`, control: 'git diff' },
  { name: 'diff.external', plant: `${script}; git config diff.external "$X"; echo change >> a.txt`, control: 'git diff' },
  {
    name: 'diff textconv',
    plant: `${script}; git config diff.d.textconv "$X"; ${attribute('diff=d')}; git add -A; git commit -qm textconv`,
    control: 'git log -p -1',
  },
  {
    name: 'merge driver',
    plant: `${script}; git config merge.m.driver "$X %A"; ${attribute('merge=m')}; git add -A; git commit -qm m; git checkout -q -b other HEAD^; echo other > a.txt; git commit -qam o; git checkout -q -`,
    control: 'git merge other || :',
  },
  { name: 'core.editor', plant: `${script}; git config core.editor "$X"; echo change >> a.txt`, control: 'git commit -qa || :' },
  {
    name: 'trailer command',
    plant: `${script}; git config trailer.t.command "$X"; git config trailer.t.key T`,
    control: 'git commit -q --allow-empty -m x --trailer t=1',
  },
  {
    name: 'core.sshCommand',
    plant: `${silent}; git config core.sshCommand "$X"; git remote add origin ssh://nowhere.invalid/x`,
    control: 'git fetch origin || :',
  },
  {
    name: 'remote ext::',
    plant: `${silent}; git config protocol.ext.allow always; git remote add origin "ext::$X"`,
    control: 'git fetch origin || :',
  },
  {
    name: 'gpg.program on commit',
    plant: `${script}; git config gpg.program "$X"; git config commit.gpgSign true; echo n > n`,
    control: 'git commit -q --allow-empty -m x || :',
  },
  {
    name: 'gpg.program on log',
    plant: `${script}; git config gpg.program "$X"; git config log.showSignature true; { git cat-file commit HEAD | sed '/^committer/a gpgsig -----BEGIN PGP SIGNATURE-----\\n \\n x\\n -----END PGP SIGNATURE-----'; } > .git/signed; git update-ref HEAD $(git hash-object -t commit -w .git/signed)`,
    control: 'git log -1',
  },
  { name: 'an alias for what git has not', plant: `${script}; git config alias.st "!$X"`, control: 'git st' },
  {
    name: '.git redirected to a repository within',
    plant: `${script}; mv .git moved; X=$PWD/moved/x; git --git-dir=moved config core.fsmonitor "$X"; git --git-dir=moved config core.bare false; echo "gitdir: $PWD/moved" > .git`,
    control: 'git status',
  },
  {
    name: 'an embedded bare repository',
    plant: `git init -q --bare x.git; cd x.git; printf '#!/bin/sh\\n%s\\n' "$FIRE" > fire; chmod +x fire; git config core.fsmonitor "$PWD/fire"; git config core.bare false; git config core.worktree ..; echo k > keep; cd ..; git add -A -f; git commit -qm bare`,
    control: 'cd x.git && git status',
  },
];
