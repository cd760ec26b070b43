export function ProjectsView() {
  return <h1>ProjectsView</h1>;
}
