export function LoginView({ why }: { why: 'never' | 'expired' | 'left' }) {
  return <p>{why}</p>;
}
