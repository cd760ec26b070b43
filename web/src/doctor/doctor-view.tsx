export function DoctorView() {
  return <h1>DoctorView</h1>;
}
