export function NotificationList(_props: { onClose: () => void }) {
  return <p className="p-4 text-fg-2">Nothing yet.</p>;
}
