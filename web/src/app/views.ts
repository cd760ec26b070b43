/** The views in the navigation, in its order. */
import { Activity, Folders, Gauge, List, type LucideIcon, Settings, SquareKanban, Stethoscope } from 'lucide-react';

export interface View {
  readonly to: '/' | '/list' | '/activity' | '/usage' | '/projects' | '/doctor' | '/settings';
  readonly word: string;
  readonly icon: LucideIcon;
}

export const BOARD: View = { to: '/', word: 'Board', icon: SquareKanban };
export const LIST: View = { to: '/list', word: 'List', icon: List };
export const ACTIVITY: View = { to: '/activity', word: 'Activity', icon: Activity };
export const USAGE: View = { to: '/usage', word: 'Usage', icon: Gauge };
export const PROJECTS: View = { to: '/projects', word: 'Projects', icon: Folders };
export const DOCTOR: View = { to: '/doctor', word: 'Doctor', icon: Stethoscope };
export const SETTINGS: View = { to: '/settings', word: 'Settings', icon: Settings };

const ALL = [BOARD, LIST, ACTIVITY, USAGE, PROJECTS, DOCTOR, SETTINGS];

/** The view of a path; null: a run, or nothing. */
export function viewOf(path: string): View | null {
  return ALL.find(({ to }) => to === path) ?? null;
}
