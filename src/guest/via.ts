/** The channels that a user can ask for; apart from what they are made of, which takes a while to load. */
export const VIAS = ['agent', 'ssh'] as const;

export type GuestVia = (typeof VIAS)[number];
