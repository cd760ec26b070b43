export function ListView() {
  return <h1>ListView</h1>;
}
