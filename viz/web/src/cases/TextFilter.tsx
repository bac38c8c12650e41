import { useWords } from "../words";

/** Words that a list is narrowed by, taken when they are left or entered; they never stand in the address bar. */
export function TextFilter({ take }: { take: (text: string) => void }) {
  const { say } = useWords();
  return (
    <label>
      {say("casework.filter_text")}
      <input size={22} placeholder={say("casework.tip_text_how")} onBlur={(event) => take(event.target.value.trim())} onKeyDown={(event) => event.key === "Enter" && take(event.currentTarget.value.trim())} />
    </label>
  );
}
