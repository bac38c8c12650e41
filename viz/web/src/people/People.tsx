import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { type Shapes, asked, client, once } from "../service/client";
import { queries } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useWho } from "../shell/who";
import { useWords } from "../words";

type Role = Shapes["UserRequest"]["roles"][number];
type User = Shapes["UserDetail"];
const ROLES: Role[] = ["viewer", "analyst", "investigator", "supervisor", "tip_officer", "admin"];

/** Who may use the service, and as what; a link by which somebody sets a password. */
export default function People() {
  const { say } = useWords();
  const { data, error } = useQuery({ queryKey: ["users"], queryFn: () => asked(client.GET("/v1/users")) });
  const [link, setLink] = useState<{ name: string; url: string } | null>(null);
  const invite = useMutation({
    mutationFn: async (user: User) => {
      const { path } = await asked(client.POST("/v1/users/{user_id}:invite", { params: { path: { user_id: user.user_id } } }));
      return { name: user.name, url: location.origin + path };
    },
    onSuccess: setLink,
  });
  if (error) return <Wrong error={error} />;
  if (!data) return <Waiting />;
  return (
    <section>
      <h1>{say("app.nav_people")}</h1>
      {link ? (
        <p className="link" role="status">
          {say("app.link_for", { name: link.name })} <code>{link.url}</code>{" "}
          <button type="button" onClick={() => void navigator.clipboard.writeText(link.url)}>
            {say("app.copy")}
          </button>
        </p>
      ) : null}
      {invite.error ? <Wrong error={invite.error} /> : null}
      <section className="pane">
        <table className="small">
          <thead>
            <tr>
              <th scope="col">{say("app.login_name")}</th>
              <th scope="col">{say("app.roles")}</th>
              <th scope="col">{say("app.col_districts")}</th>
              <th scope="col">{say("app.col_state")}</th>
              <th scope="col">
                <span className="hidden">{say("app.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.users.map((user) => (
              <Row key={user.user_id} user={user} invite={() => invite.mutate(user)} />
            ))}
          </tbody>
        </table>
      </section>
      <Add />
    </section>
  );
}

function Row({ user, invite }: { user: User; invite: () => void }) {
  const { say } = useWords();
  const me = useWho();
  const path = { user_id: user.user_id };
  const change = useMutation({
    mutationFn: (roles: Role[]) => asked(client.POST("/v1/users/{user_id}:change", { params: { path, header: once() }, body: { roles, districts: user.districts } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["users"] });
      if (user.user_id === me.user_id) void queries.invalidateQueries({ queryKey: ["session"] });
    },
  });
  const turn = useMutation({
    mutationFn: () => asked(client.POST(user.disabled_at ? "/v1/users/{user_id}:enable" : "/v1/users/{user_id}:disable", { params: { path, header: once() } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["users"] }),
  });
  return (
    <tr>
      <td>{user.name}</td>
      <td>
        <Roles name={user.name} chosen={user.roles as Role[]} change={(roles) => roles.length && change.mutate(roles)} />
        {change.error ? <Wrong error={change.error} /> : null}
      </td>
      <td>{user.districts?.join(say("app.comma")) ?? <span className="nobreak">{say("app.all_districts")}</span>}</td>
      <td className="nobreak">{user.disabled_at ? say("app.user_disabled") : user.ready ? say("app.user_ready") : say("app.user_waits")}</td>
      <td className="row">
        {user.signs_in === "password" && !user.disabled_at ? (
          <button type="button" onClick={invite}>
            {say("app.make_link")}
          </button>
        ) : null}
        <button type="button" onClick={() => turn.mutate()}>
          {user.disabled_at ? say("app.enable") : say("app.disable")}
        </button>
        {turn.error ? <Wrong error={turn.error} /> : null}
      </td>
    </tr>
  );
}

function Roles({ name, chosen, change }: { name: string; chosen: readonly Role[]; change: (roles: Role[]) => void }) {
  const { say } = useWords();
  return (
    <fieldset className="roles">
      <legend className="hidden">{`${say("app.roles")} ${name}`}</legend>
      {ROLES.map((role) => (
        <label key={role} title={say(`app.role_${role}_may`)}>
          <input type="checkbox" checked={chosen.includes(role)} onChange={(event) => change(event.target.checked ? [...chosen, role] : chosen.filter((one) => one !== role))} /> {say(`app.role_${role}`)}
        </label>
      ))}
    </fieldset>
  );
}

function Add() {
  const { say } = useWords();
  const [roles, setRoles] = useState<Role[]>(["investigator"]);
  const add = useMutation({
    mutationFn: (form: FormData) => {
      const districts = String(form.get("districts")).split(/[,，、;；\s]+/).filter(Boolean);
      return asked(client.POST("/v1/users", { params: { header: once() }, body: { name: String(form.get("name")), roles, signs_in: "password", districts: districts.length ? districts : null } }));
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["users"] }),
  });
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    add.mutate(new FormData(form), { onSuccess: () => form.reset() });
  }
  return (
    <section className="pane">
      <h2>{say("app.add_person")}</h2>
      <form className="fields" onSubmit={submit}>
        <label>
          {say("app.login_name")}
          <input name="name" required maxLength={200} autoComplete="off" />
        </label>
        <label>
          {say("app.districts_given")}
          <input name="districts" autoComplete="off" />
        </label>
        <Roles name="" chosen={roles} change={setRoles} />
        <button type="submit" className="first" disabled={!roles.length || add.isPending}>
          {say("app.add")}
        </button>
      </form>
      <p className="quiet">{say("app.add_note")}</p>
      {add.error ? <Wrong error={add.error} /> : null}
    </section>
  );
}
