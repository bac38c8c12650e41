// Who may do what, as the service's own rules say: what somebody may not do is not shown to them.
import rules from "../made/rules";

export type Route = keyof typeof rules;
export type Who = { roles: readonly string[]; districts?: readonly string[] | null };

export function may(who: Who, route: Route): boolean {
  const rule = rules[route];
  return who.roles.some((role) => (rule.roles as readonly string[]).includes(role)) && !(rule.allDistricts && who.districts != null);
}
