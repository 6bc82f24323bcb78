/**
 * Names the record before a position: its delivery, and when the log got it (milliseconds since 1970). The delivery alone
 * is not enough: GitHub sends one again under its old id
 * (https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries), and in a log that was put back
 * the second one may lie where the first one lay.
 */
export const lastDelivery = (deliveryId: string, timestamp: number): string => `${deliveryId}@${timestamp}`;
