export function QuestionDialog() {
  return null;
}
