/** In the order of an issue's journey. */
export const serviceNames = ['ingress', 'classifier', 'relay', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];
