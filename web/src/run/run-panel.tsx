/** A run beside the board. */
import { useState } from 'react';
import type { TabName } from './run-tabs.tsx';
import { RunView } from './run-view.tsx';

export function RunPanel({ id, onClose }: { id: string; onClose: () => void }) {
  return <Keyed key={id} id={id} onClose={onClose} />;
}

function Keyed({ id, onClose }: { id: string; onClose: () => void }) {
  const [tab, setTab] = useState<TabName>('messages');
  const [file, setFile] = useState<string>();
  return <RunView id={id} tab={tab} onTab={setTab} file={file} onFile={setFile} onClose={onClose} />;
}
