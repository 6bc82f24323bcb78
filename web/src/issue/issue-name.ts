/** An issue's key within the page, as the topics write it. */
export const keyOf = (issue: { readonly repositoryId: number; readonly number: number }): string =>
  `${issue.repositoryId}#${issue.number}`;

/** The path of an issue, in the page and below `/api`. */
export const issuePath = (issue: { readonly repository: string; readonly number: number }): string =>
  `/issues/${issue.repository.split('/').map(encodeURIComponent).join('/')}/${issue.number}`;

export const nameOf = (issue: { readonly repository: string; readonly number: number }): string =>
  `${issue.repository}#${issue.number}`;
