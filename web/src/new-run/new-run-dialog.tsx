export function NewRunDialog() {
  return null;
}
