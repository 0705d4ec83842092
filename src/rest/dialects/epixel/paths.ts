const BASE = '/api/v1';

/** Where an operation is served: the documented path, and the one that the vendor's samples call. */
export function pathsOf(name: string): { path: string; otherPaths: string[] } {
  return { path: `${BASE}/leads/${name}/`, otherPaths: [`${BASE}/${name}/`] };
}

/** The documented path of creating a lead has the version twice; the others of the vendor's pages work too. */
export const CREATE_LEAD = {
  path: `${BASE}/v1/leads/create/lead/`,
  otherPaths: [`${BASE}/v1/create/lead/`, `${BASE}/leads/create/lead/`, `${BASE}/create/lead/`],
};

/** Paths of signing in. */
export const LOGIN = `${BASE}/user/login/`;
/** See {@link LOGIN}. */
export const REFRESH = `${BASE}/user/token/refresh/`;

/** What belongs to this dialect alone below {@link BASE}, which it shares with others. */
export const BASES = ['leads', 'user', 'appointments', 'view', 'create', 'update', 'delete', 'v1'].map(
  (part) => `${BASE}/${part}`,
);
