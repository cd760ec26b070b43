export function BoardView() {
  return <h1>BoardView</h1>;
}
