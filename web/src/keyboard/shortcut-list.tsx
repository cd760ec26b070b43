export function ShortcutList() {
  return null;
}
