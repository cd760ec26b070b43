/**
 * Shell scripts that run inside the sandbox of a run, the only place where git meets a working copy that an agent had. They are fixed
 * texts: everything that varies comes by environment and standard input. Even there git runs over a fresh git dir with our
 * configuration, so that an honest run is not disturbed by hooks, filters or drivers; the agent's own git dir is only
 * read as data, and its HEAD moved after an automatic commit.
 */

/** Makes the fresh git dir `$f` with the agent's references and objects; `g` is git over it and the working copy's files. */
const PREPARE = `
set -u
umask 077
wc=$PWD
usable=0
if [ -d .git ] && [ ! -L .git ] && [ -d .git/objects ] && [ -w .git/objects ] && [ "$GLUON_IGNORE_GIT" = 0 ]; then usable=1; fi
if [ -d .git ] && [ ! -L .git ] && [ -w .git ]; then place=$wc/.git; else place=\${TMPDIR:-/tmp}; fi
f=$(mktemp -d "$place/gluon.XXXXXXXX") || exit 71
trap 'rm -rf "$f"' EXIT
mkdir -p "$f/objects/info" "$f/refs/heads" "$f/info" || exit 71
printf '%s' "$GLUON_CONFIG" > "$f/config"
printf '%s\\n' "$GLUON_BORROWED" > "$f/objects/info/alternates"
echo 'ref: refs/heads/none' > "$f/HEAD"
if [ $usable = 1 ]; then
  set --
  for name in HEAD packed-refs index; do [ -f ".git/$name" ] && set -- "$@" ".git/$name"; done
  [ "$#" -gt 0 ] && cp "$@" "$f/"
  [ -d .git/refs/heads ] && cp -R .git/refs/heads "$f/refs/"
  [ -f .git/refs/stash ] && cp .git/refs/stash "$f/refs/stash"
  [ -f .git/info/exclude ] && cp .git/info/exclude "$f/info/exclude"
  printf '%s\\n' "$wc/.git/objects" >> "$f/objects/info/alternates"
fi
g() { git --git-dir="$f" --work-tree="$wc" "$@"; }
say() { printf '%s\\0' "$@"; }
index_at() { g read-tree --reset "$1" 2>/dev/null || { rm -f "$f/index"; g read-tree "$1"; }; }
`;

/**
 * Says what is there, as records ended by NUL: \`key value\` facts, then \`paths\`, then one record per changed or new file.
 * GLUON_LIST: \`none\`, \`changed\` (tracked and new, not ignored) or \`all\` (ignored files and files of embedded repositories too).
 */
export const LOOK = `${PREPARE}
head=$(g rev-parse -q --verify 'HEAD^{commit}' 2>/dev/null) || head=
branch=$(g rev-parse -q --verify "refs/heads/$GLUON_BRANCH^{commit}" 2>/dev/null) || branch=
on=$(g symbolic-ref -q HEAD 2>/dev/null) || on=
[ -n "$head" ] && say "head $head"
[ -n "$on" ] && say "on $on"
[ -n "$branch" ] && say "branch $branch"
[ -n "$head" ] && [ -n "$branch" ] && [ "$head" != "$branch" ] && g merge-base --is-ancestor "$head" "$branch" 2>/dev/null && say "behind 1"
if [ $usable = 1 ]; then
  if [ -d .git/rebase-merge ] || [ -d .git/rebase-apply ]; then say "rebasing 1"; fi
  # Of no account while nothing is to be committed.
  [ "$GLUON_LIST" != none ] && [ -n "$(g ls-files -u 2>/dev/null | head -c 1)" ] && say "unmerged 1"
  [ -f .git/MERGE_HEAD ] && say "merging $(head -c 64 .git/MERGE_HEAD | tr -d '\\n\\0')"
  [ "$GLUON_LIST" = all ] && g for-each-ref --count=60 --format='other %(objectname)' refs/heads refs/stash 2>/dev/null | tr '\\n' '\\0'
fi
say paths
[ "$GLUON_LIST" = none ] && exit 0
# An agent may have taken the rights from its own files; what is to be saved must be readable.
[ "$GLUON_LIST" = all ] && chmod -R u+rwX . 2>/dev/null
start=$head
[ -z "$start" ] && start=$branch
[ -z "$start" ] && start=$GLUON_SINCE
index_at "$start" || exit 72
g update-index -q --refresh >/dev/null 2>&1
g diff-files -z --name-only --ignore-submodules=all --diff-filter=d || exit 72
[ -n "$(g diff-files --name-only --ignore-submodules=all --diff-filter=D | head -c 1)" ] && say //deleted
g ls-files -z --others --exclude-standard || exit 72
[ "$GLUON_LIST" = changed ] && exit 0
g ls-files -z --others --ignored --exclude-standard > "$f/ignored" || exit 72
g ls-files -z --others > "$f/others" || exit 72
if [ -s "$f/ignored" ]; then
  kib=$(xargs -0 du -sk -- < "$f/ignored" 2>/dev/null | awk '{ s += $1 } END { printf "%d", s }')
  if [ "$kib" -gt "$GLUON_IGNORED_KIB" ]; then say "//left-out $kib"; exit 0; fi
  cat "$f/ignored"
fi
xargs -0 sh -c 'for d; do case "$d" in */) find "./$d" -name .git -prune -o \\( -type f -o -type l \\) -print0;; esac; done' sh < "$f/others"
`;

/**
 * Makes the commit that was decided and sends what is new. Standard input: the paths to commit, each ended by NUL. Output: one line
 * \`gluon-pack TIP\`, then a pack.
 * GLUON_COMMIT: \`none\`, \`branch\` (HEAD follows) or \`aside\` (nothing in the working copy changes). GLUON_PARENTS: further parents.
 */
export const SEND = `${PREPARE}
cat > "$f/paths"
if [ $usable = 1 ]; then GIT_OBJECT_DIRECTORY=$wc/.git/objects; else GIT_OBJECT_DIRECTORY=$f/objects; fi
GIT_ALTERNATE_OBJECT_DIRECTORIES=$GLUON_BORROWED_LIST
export GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
tip=$GLUON_TIP
if [ "$GLUON_COMMIT" != none ]; then
  index_at "$tip" || exit 73
  # Deletions first and by force: a file whose folder became a link is gone, though something answers under its name.
  g update-index -q --refresh >/dev/null 2>&1
  g diff-files -z --name-only --ignore-submodules=all --diff-filter=D | g update-index --force-remove -z --stdin >&2 || exit 73
  g update-index --add --remove --replace -z --stdin < "$f/paths" >&2 || exit 73
  tree=$(g write-tree) || exit 73
  if [ "$tree" != "$(g rev-parse "$tip^{tree}")" ] || [ "$GLUON_COMMIT" = aside ] || [ -n "$GLUON_PARENTS" ]; then
    set -- -p "$tip"
    for parent in $GLUON_PARENTS; do set -- "$@" -p "$parent"; done
    new=$(printf '%s' "$GLUON_MESSAGE" | g commit-tree "$@" "$tree") || exit 73
    if [ "$GLUON_COMMIT" = branch ] && [ $usable = 1 ]; then
      git --git-dir="$wc/.git" -c core.hooksPath=/dev/null update-ref -m 'commit: uncommitted changes' HEAD "$new" "$tip" >&2 &&
        { [ -e .git/index.lock ] || cp "$f/index" .git/index; rm -f .git/MERGE_HEAD .git/MERGE_MSG .git/MERGE_MODE .git/CHERRY_PICK_HEAD .git/REVERT_HEAD; }
    fi
    tip=$new
  fi
fi
printf 'gluon-pack %s\\n' "$tip"
[ "$tip" = "$GLUON_SINCE" ] && exit 0
{ printf '%s\\n' "$tip"; for known in $GLUON_KNOWN; do printf '^%s\\n' "$known"; done; } |
  g pack-objects --revs --stdout --thin --local --delta-base-offset -q
`;
