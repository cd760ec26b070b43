export function ActivityView() {
  return <h1>ActivityView</h1>;
}
