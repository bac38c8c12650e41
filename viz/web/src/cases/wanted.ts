// Which cases are listed, and in which order: it stands in the address. What is searched for may be a name: it does not.
export const QUEUES = ["open", "mine", "nobodys", "overdue", "closed"] as const;
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;
export const STATES = ["new", "assigned", "under_inquiry", "heard", "decided", "closed"] as const;
export const SORTS = ["due", "priority", "updated", "created"] as const;
export type Queue = (typeof QUEUES)[number];
export type Wanted = {
  open?: boolean;
  state?: (typeof STATES)[number];
  assignee?: "me";
  overdue?: true;
  priority?: (typeof PRIORITIES)[number];
  district?: string;
  campaign?: string;
  sort: (typeof SORTS)[number];
};

const one = <Value extends string>(all: readonly Value[], value: string | undefined): Value | undefined => all.find((each) => each === value);

export const queueOf = (params: ReadonlyMap<string, string>): Queue => one(QUEUES, params.get("queue")) ?? "open";

const OF_QUEUE: Record<Queue, Partial<Wanted>> = {
  open: { open: true },
  mine: { open: true, assignee: "me" },
  nobodys: { state: "new" },
  overdue: { overdue: true },
  closed: { open: false },
};

export function wantedOf(params: ReadonlyMap<string, string>): Wanted {
  const [state, priority, district, campaign] = [one(STATES, params.get("state")), one(PRIORITIES, params.get("priority")), params.get("district"), params.get("campaign")];
  return {
    ...(state && { state }),
    ...OF_QUEUE[queueOf(params)],
    ...(priority && { priority }),
    ...(district && { district }),
    ...(campaign && { campaign }),
    sort: one(SORTS, params.get("sort")) ?? "due",
  };
}

/** Whether filters narrow the queue beyond what it shows by itself. */
export const narrowed = (wanted: Wanted, queue: Queue): boolean => Boolean((wanted.state && queue !== "nobodys") || wanted.priority || wanted.district || wanted.campaign);

/** How late a case is: `today` as YYYY-MM-DD. */
export function dueness(due: string | null, closed: boolean, today: string): "none" | "late" | "today" | "later" {
  if (!due || closed) return "none";
  return due < today ? "late" : due === today ? "today" : "later";
}

/** Today where the reader is. */
export function today(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Today, but not before that day: the service's place may be a day ahead of the reader's. */
export const todayFrom = (least: string, now = today()): string => (now < least ? least : now);
