// The same step for many, one after the other: one that fails is told and holds up nobody behind it.
export type Outcome<Item> = { item: Item; wrong: Error | null };

export async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>, told: (done: number) => void): Promise<Outcome<Item>[]> {
  const found: Outcome<Item>[] = [];
  for (const item of items) {
    try {
      await work(item);
      found.push({ item, wrong: null });
    } catch (error) {
      found.push({ item, wrong: error instanceof Error ? error : new Error(String(error)) });
    }
    told(found.length);
  }
  return found;
}
