/** Whether this machine and this home are in order, and how to mend what is not. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RefreshCw, Wrench } from 'lucide-react';
import { useState } from 'react';
import type { OperationOutput } from '../../../src/contract/operations.ts';
import { call } from '../api/call.ts';
import { operationQuery } from '../api/query.ts';
import { useMayAct } from '../run/use-may-act.ts';
import { Button } from '../ui/button.tsx';
import { AlertDialog } from '../ui/dialog.tsx';
import { words } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Panel, ViewBody, ViewHead } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { toast } from '../ui/toast.tsx';
import { FindingRow } from './finding-row.tsx';
import { groupFindings, verdict } from './findings.ts';
import { DiskPanel, SandboxPanel } from './machine-panels.tsx';

const EXAMINATION = operationQuery('system.doctor', {});

export function DoctorView() {
  const mayAct = useMayAct();
  // The checks take a second and look at everything: asked for once per visit, then by hand.
  const examination = useQuery({ ...EXAMINATION, enabled: mayAct, refetchOnMount: 'always' });
  const again = () => void examination.refetch();
  const fix = useFix();
  const [asking, setAsking] = useState(false);
  const findings = examination.data?.findings ?? [];
  const fixable = findings.filter((finding) => finding.fixable);
  return (
    <>
      <ViewHead
        title="Doctor"
        actions={
          mayAct && (
            <>
              <Button kind="outline" busy={examination.isFetching} disabled={fix.isPending} onClick={again}>
                <RefreshCw size={14} strokeWidth={1.75} />
                Run again
              </Button>
              <Button kind="outline" busy={fix.isPending} disabled={fixable.length === 0} onClick={() => setAsking(true)}>
                <Wrench size={14} strokeWidth={1.75} />
                Fix{fixable.length > 0 && ` ${fixable.length}`}
              </Button>
            </>
          )
        }
      >
        {examination.data !== undefined && <Verdict {...examination.data} />}
      </ViewHead>
      <ViewBody>
        <div className="grid grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)] items-start gap-2.5 max-[1100px]:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-2.5" aria-live="polite" aria-busy={examination.isFetching}>
            {!mayAct && <p className="p-3.5 text-fg-2">Only an operator or an admin can examine this machine.</p>}
            {examination.error !== null && <Problem title="The machine could not be examined" error={examination.error} onRetry={again} />}
            {mayAct && examination.isPending && (
              <Panel title="Examining" sub="A second or two.">
                <SkeletonRows rows={8} label="Examining the machine" />
              </Panel>
            )}
            {groupFindings(findings).map(({ group, findings: all }) => (
              <Panel key={group} title={words(group)}>
                <ul>
                  {all.map((finding) => (
                    <FindingRow key={finding.id} finding={finding} />
                  ))}
                </ul>
              </Panel>
            ))}
          </div>
          <div className="flex min-w-0 flex-col gap-2.5">
            <SandboxPanel />
            <DiskPanel />
          </div>
        </div>
      </ViewBody>
      {asking && (
        <AlertDialog
          open
          danger={false}
          onClose={() => {
            setAsking(false);
            fix.reset();
          }}
          title={fixable.length === 1 ? 'Apply the safe fix?' : `Apply ${fixable.length} safe fixes?`}
          action="Apply"
          busy={fix.isPending}
          onAction={() => fix.mutate(undefined, { onSuccess: () => setAsking(false) })}
        >
          <ul className="list-disc pl-4">
            {fixable.map(({ id, title, detail }) => (
              <li key={id}>
                {title}: {detail}
              </li>
            ))}
          </ul>
          <p className="mt-2">No work is lost by them. Everything is examined again afterwards.</p>
          {fix.error !== null && <Problem title="The fixes were not applied" error={fix.error} className="mt-2" />}
        </AlertDialog>
      )}
    </>
  );
}

function useFix() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call('system.doctor', { fix: true }),
    onSuccess: (found: OperationOutput<'system.doctor'>) => {
      queries.setQueryData(EXAMINATION.queryKey, found);
      const broken = found.findings.find(({ id, status }) => id === 'fixes' && status !== 'pass');
      if (broken !== undefined) return toast({ kind: 'error', title: 'The safe fixes could not be applied', text: broken.detail });
      const left = found.findings.filter((finding) => finding.fixable).length;
      toast({ kind: 'info', title: 'The safe fixes were applied', text: left === 0 ? undefined : `${left} could not be mended.` });
    },
  });
}

function Verdict({ healthy, findings }: OperationOutput<'system.doctor'>) {
  const warned = findings.some(({ status }) => status === 'warn');
  return (
    <p className="flex items-center gap-1.5 text-small text-fg-2" role="status">
      <Glyph name={healthy ? (warned ? 'slow' : 'completed') : 'failed'} size={13} />
      {verdict(findings)}
    </p>
  );
}
