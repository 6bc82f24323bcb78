/** The queue alone: nothing stands beside it. */
export const NoIssueSelected = () => null;
