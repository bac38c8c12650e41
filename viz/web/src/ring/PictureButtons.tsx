import { useMay } from "../shell/who";
import { useWords } from "../words";
import type { Picture } from "./data";
import type { Acting } from "./useView";
import { MOST_AROUND, hiddenOf, lookedAround, lookedAway, lookedAwayFromAll, withOne } from "./view";

type Props = { data: Picture; member: string | null; keys: ReadonlyMap<string, string>; acting: Acting; pin: (member: string) => void };

/** What can be done to the picture: with who is chosen, and the way back. */
export function PictureButtons({ data, member, keys, acting, pin }: Props) {
  const { say } = useWords();
  const mayLook = useMay("GET /v1/rings/{ring_id}/around");
  const { view, act, undo, redo } = acting;
  const key = member ? keys.get(member) : undefined;
  const hidden = hiddenOf(view, data);
  return (
    <>
      {member && key ? (
        <>
          <button type="button" onClick={() => act({ ...view, hide: [...view.hide, member] }, { pick: "" })}>
            {say("app.hide")}
          </button>
          {!mayLook ? null : view.around.includes(member) ? (
            <button type="button" onClick={() => act(lookedAway(view, member))}>
              {say("app.around_less")}
            </button>
          ) : (
            <button type="button" disabled={view.around.length >= MOST_AROUND} onClick={() => act(lookedAround(view, member))}>
              {say("app.around_more")}
            </button>
          )}
          {view.pins[key] ? (
            <button type="button" onClick={() => act({ ...view, pins: withOne(view.pins, key, null) })}>
              {say("app.unpin")}
            </button>
          ) : (
            <button type="button" onClick={() => pin(member)}>
              {say("app.pin")}
            </button>
          )}
        </>
      ) : null}
      {hidden.length ? (
        <button type="button" onClick={() => act({ ...view, hide: [] })}>
          {say("app.unhide", { count: hidden.length })}
        </button>
      ) : null}
      {view.around.length ? (
        <button type="button" onClick={() => act(lookedAwayFromAll(view), { pick: "" })}>
          {say("app.around_none")}
        </button>
      ) : null}
      <button type="button" disabled={!undo} onClick={() => undo?.()}>
        {say("app.undo")}
      </button>
      <button type="button" disabled={!redo} onClick={() => redo?.()}>
        {say("app.redo")}
      </button>
    </>
  );
}
