/** The one rule for joining a path from a repository, a request or a pattern to a folder of ours. */

/** Names that some file system takes for `.git`: case, NTFS short name, trailing dots and spaces, HFS ignorable characters. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

function looksLikeGitFolder(part: string): boolean {
  const plain = part
    .replace(HFS_IGNORED, '')
    .toLowerCase()
    .replace(/(?:::?\$.*)?[. ]*$/, '');
  return plain === '.git' || plain === 'git~1';
}

/**
 * True for a relative path of at most 4096 characters that stays below the folder it is joined to: no absolute path, no empty, `.` or
 * `..` part, no NUL, no backslash trick, nothing inside a git folder.
 */
export function isSafeRelativePath(path: string): boolean {
  if (path === '' || path.length > 4096 || path.includes('\0') || path.startsWith('/')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\') && !looksLikeGitFolder(part));
}

/** Whether git can keep this path in a tree and a strict check lets it pass. */
export function isStorablePath(path: string): boolean {
  return (
    path !== '' &&
    !path.startsWith('/') &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.split('\\').some(looksLikeGitFolder))
  );
}
