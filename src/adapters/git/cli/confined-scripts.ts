/**
 * The shell script that runs inside the sandbox of a run, the only place where git meets a working copy that an agent had. It is a fixed
 * text: everything that varies comes by environment and standard input. Even there git runs over a fresh git dir with our
 * configuration, so that an honest run is not disturbed by hooks, filters or drivers; the agent's own git dir is only
 * read as data, and its HEAD moved after an automatic commit.
 */

/**
 * Waits for the word, so that the sandbox can be there before the agent is gone; nothing is read or made before. From then on `$2` has
 * `$1` seconds: what git would wait for must not hold the run. Ends with 124 when they were too few.
 */
export const UPON_WORD = 'read -r _ || exit 70; exec timeout -k 10 "$1" /bin/sh -c "$2"';

/** Makes the fresh git dir `$f` with the agent's references and objects; `g` is git over it and the working copy's files. */
const PREPARE = `
set -u
umask 077
wc=$PWD
# Git opens what has a name of its own (.gitignore, sub/.git/HEAD) and waits for ever where that is a pipe. A pipe holds nothing to lose.
pipes=
if [ "$GLUON_LIST" != none ]; then
  # An agent may have taken the rights from its own files; what is to be saved must be readable.
  [ "$GLUON_LIST" = all ] && chmod -R u+rwX . 2>/dev/null
  pipes=$(find . -type d -perm -100 ! -perm -400 -exec chmod u+r {} \\; -o -type p -exec sh -c '
    for p; do printf x; rm -f "$p" || { chmod u+wx "\${p%/*}" && rm -f "$p"; }; done' sh {} + 2>/dev/null)
fi
usable=0
if [ -d .git ] && [ ! -L .git ] && [ -d .git/objects ] && [ -w .git/objects ] && [ "$GLUON_IGNORE_GIT" = 0 ]; then usable=1; fi
if [ -d .git ] && [ ! -L .git ] && [ -w .git ]; then place=$wc/.git; else place=\${TMPDIR:-/tmp}; fi
f=$(mktemp -d "$place/gluon.XXXXXXXX") || exit 71
trap 'rm -rf "$f"' EXIT
trap 'exit 124' TERM
mkdir "$f/objects" "$f/objects/info" "$f/refs" "$f/refs/heads" "$f/info" || exit 71
printf '%s' "$GLUON_CONFIG" > "$f/config"
printf '%s\\n' "$GLUON_BORROWED" > "$f/objects/info/alternates"
if [ $usable = 1 ]; then
  if [ -n "$(find .git/objects -type p -exec rm -f {} + -o -type l -print)" ]; then echo 'its object store has links' >&2; exit 74; fi
  set --
  for name in HEAD packed-refs index; do [ -f ".git/$name" ] && set -- "$@" ".git/$name"; done
  [ "$#" -gt 0 ] && cp "$@" "$f/"
  [ -d .git/refs/heads ] && { cp -R .git/refs/heads "$f/refs/"; find "$f/refs" ! -type f ! -type d -exec rm -f {} +; }
  [ -f .git/refs/stash ] && cp .git/refs/stash "$f/refs/stash"
  [ -f .git/info/exclude ] && cp .git/info/exclude "$f/info/exclude"
  printf '%s\\n' "$wc/.git/objects" >> "$f/objects/info/alternates"
fi
[ -f "$f/HEAD" ] || echo 'ref: refs/heads/none' > "$f/HEAD"
g() { git --git-dir="$f" --work-tree="$wc" "$@"; }
say() { printf '%s\\0' "$@"; }
index_at() { g read-tree --reset "$1" 2>/dev/null || { rm -f "$f/index"; g read-tree "$1"; }; }
`;

/**
 * Says what is there, as records ended by NUL: \`key value\` facts, then \`paths\`, then one record per changed or new file as in
 * \`git status --porcelain\`, then, after \`//more\`, further paths alone.
 * GLUON_LIST: \`none\`, \`changed\` (tracked and new, not ignored) or \`all\` (ignored files and files of embedded repositories too).
 */
const LOOK = `
both=$(printf '%s\\n' 'HEAD^{commit}' "refs/heads/$GLUON_BRANCH^{commit}" | g cat-file --batch-check='%(objectname)' 2>/dev/null)
lf='
'
head=\${both%%"$lf"*}
case "$both" in *"$lf"*) branch=\${both#*"$lf"};; *) branch=;; esac
case "$head" in *\\ *) head=;; esac
case "$branch" in *\\ *) branch=;; esac
on=
read -r on < "$f/HEAD"
case "$on" in 'ref: '*) on=\${on#ref: };; *) on=;; esac
[ -n "$head" ] && say "head $head"
[ -n "$on" ] && say "on $on"
[ -n "$branch" ] && say "branch $branch"
[ -n "$head" ] && [ -n "$branch" ] && [ "$head" != "$branch" ] && g merge-base --is-ancestor "$head" "$branch" 2>/dev/null && say "behind 1"
if [ $usable = 1 ]; then
  if [ -d .git/rebase-merge ] || [ -d .git/rebase-apply ]; then say "rebasing 1"; fi
  # Of no account while nothing is to be committed.
  [ "$GLUON_LIST" != none ] && g ls-files -u 2>/dev/null | { read -r _ && say "unmerged 1"; }
  [ -f .git/MERGE_HEAD ] && say "merging $(head -c 64 .git/MERGE_HEAD | tr -d '\\n\\0')"
  [ "$GLUON_LIST" = all ] && g for-each-ref --count=60 --format='other %(objectname)' refs/heads refs/stash 2>/dev/null | tr '\\n' '\\0'
fi
[ -n "$pipes" ] && say "pipes \${#pipes}"
say paths
start=$head
[ -z "$start" ] && start=$branch
[ -z "$start" ] && start=$GLUON_SINCE
if [ "$GLUON_LIST" != none ]; then
  index_at "$start" || exit 72
  # Files that git was told to pass over are looked at all the same; those that are not there (a sparse checkout) were not removed.
  g ls-files -v -z | grep -z '^[a-zS] ' | cut -z -c 3- | xargs -0 -r sh -c '
    for p; do if [ -e "./$p" ] || [ -L "./$p" ]; then printf "%s\\0" "$p"; fi; done' sh > "$f/flagged"
  if [ -s "$f/flagged" ]; then
    g update-index --no-skip-worktree -z --stdin < "$f/flagged" && g update-index --no-assume-unchanged -z --stdin < "$f/flagged" || exit 72
  fi
  # Compared with the index alone: the commit is the one that the index was just made from.
  printf '%s\\n' "$start" > "$f/HEAD"
  g status --porcelain=v1 -z --untracked-files=all --no-renames --ignore-submodules=all || exit 72
fi
if [ "$GLUON_LIST" = all ]; then
  say //more
  g ls-files -z --others --ignored --exclude-standard > "$f/ignored" || exit 72
  g ls-files -z --others > "$f/others" || exit 72
  kib=0
  [ -s "$f/ignored" ] && kib=$(xargs -0 du -sk -- < "$f/ignored" 2>/dev/null | awk '{ s += $1 } END { printf "%d", s }')
  if [ "$kib" -gt "$GLUON_IGNORED_KIB" ]; then
    say "//left-out $kib"
  else
    cat "$f/ignored"
    xargs -0 sh -c 'for d; do case "$d" in */) find "./$d" -name .git -prune -o \\( -type f -o -type l \\) -print0;; esac; done' sh < "$f/others"
  fi
fi
# No record is empty: two in a row end the question.
printf '\\0'
`;

/**
 * Makes the commit that was decided and sends what is new. The answer on standard input: one line each for what to do (\`nothing\`, or the
 * commit to make: \`none\`, \`branch\`, where HEAD follows, or \`aside\`, where nothing in the working copy changes), the commit to start from,
 * further parents, commits that need not be sent, name and address of the committer, the length of the message; then the message and the
 * paths to commit, each ended by NUL. Output: one line \`gluon-pack TIP\`, then a pack.
 */
const SEND = `
read -r commit || exit 73
[ "$commit" = nothing ] && exit 0
read -r tip && read -r parents && read -r known || exit 73
IFS= read -r name && IFS= read -r email && read -r length || exit 73
export GIT_AUTHOR_NAME="$name" GIT_COMMITTER_NAME="$name" GIT_AUTHOR_EMAIL="$email" GIT_COMMITTER_EMAIL="$email"
if [ $usable = 1 ]; then GIT_OBJECT_DIRECTORY=$wc/.git/objects; else GIT_OBJECT_DIRECTORY=$f/objects; fi
GIT_ALTERNATE_OBJECT_DIRECTORIES=$GLUON_BORROWED_LIST
export GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
if [ "$commit" != none ]; then
  head -c "$length" > "$f/message" && cat > "$f/paths" || exit 73
  [ "$tip" = "$start" ] || index_at "$tip" || exit 73
  # Deletions first and by force: a file whose folder became a link is gone, though something answers under its name.
  g update-index -q --refresh >/dev/null 2>&1
  g diff-files -z --name-only --ignore-submodules=all --diff-filter=D | g update-index --force-remove -z --stdin >&2 || exit 73
  g update-index --add --remove --replace -z --stdin < "$f/paths" >&2 || exit 73
  tree=$(g write-tree) || exit 73
  if [ "$tree" != "$(g rev-parse "$tip^{tree}")" ] || [ "$commit" = aside ] || [ -n "$parents" ]; then
    set -- -p "$tip"
    for parent in $parents; do set -- "$@" -p "$parent"; done
    new=$(g commit-tree "$@" -F "$f/message" "$tree") || exit 73
    if [ "$commit" = branch ] && [ $usable = 1 ]; then
      # Over the agent's own configuration, which may name a pipe anywhere.
      timeout 10 git --git-dir="$wc/.git" -c core.hooksPath=/dev/null update-ref -m 'commit: uncommitted changes' HEAD "$new" "$tip" >&2 &&
        { [ -e .git/index.lock ] || cp "$f/index" .git/index; rm -f .git/MERGE_HEAD .git/MERGE_MSG .git/MERGE_MODE .git/CHERRY_PICK_HEAD .git/REVERT_HEAD; }
    fi
    tip=$new
  fi
fi
printf 'gluon-pack %s\\n' "$tip"
[ "$tip" = "$GLUON_SINCE" ] && exit 0
{ printf '%s\\n' "$tip"; for one in $known; do printf '^%s\\n' "$one"; done; } |
  # Away from the files: their attributes are of no account here.
  { cd "$f/info" && git --git-dir="$f" --work-tree=. pack-objects --revs --stdout --thin --local --delta-base-offset -q; }
`;

/** From the word to the pack in one process. An end before the question means that the working copy could not be read. */
export const TAKE_OUT = `${PREPARE}${LOOK}${SEND}`;
