/** In the order of an issue's journey; the scheduler looks after what it leaves behind. */
export const serviceNames = ['ingress', 'classifier', 'relay', 'gateway', 'scheduler'] as const;
export type ServiceName = (typeof serviceNames)[number];
