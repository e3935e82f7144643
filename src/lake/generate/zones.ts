/** A time zone that users live in. */
interface Zone {
  readonly timezone: string;
  readonly country: string;
  /** How many of all users, in proportion to the other zones. */
  readonly weight: number;
}

/** Where users live: most in a few zones, a few at the edges of the calendar (UTC-11 and +14) and of the hour (+5:45). */
export const ZONES: readonly Zone[] = [
  { timezone: 'America/New_York', country: 'US', weight: 30 },
  { timezone: 'America/Los_Angeles', country: 'US', weight: 16 },
  { timezone: 'America/Chicago', country: 'US', weight: 14 },
  { timezone: 'Europe/London', country: 'GB', weight: 14 },
  { timezone: 'Europe/Berlin', country: 'DE', weight: 14 },
  { timezone: 'America/Sao_Paulo', country: 'BR', weight: 14 },
  { timezone: 'America/Mexico_City', country: 'MX', weight: 12 },
  { timezone: 'Asia/Kolkata', country: 'IN', weight: 10 },
  { timezone: 'Europe/Paris', country: 'FR', weight: 8 },
  { timezone: 'Asia/Jakarta', country: 'ID', weight: 7 },
  { timezone: 'Europe/Madrid', country: 'ES', weight: 7 },
  { timezone: 'Asia/Manila', country: 'PH', weight: 6 },
  { timezone: 'Europe/Rome', country: 'IT', weight: 5 },
  { timezone: 'Europe/Warsaw', country: 'PL', weight: 5 },
  { timezone: 'Europe/Stockholm', country: 'SE', weight: 5 },
  { timezone: 'Australia/Sydney', country: 'AU', weight: 5 },
  { timezone: 'Europe/Istanbul', country: 'TR', weight: 4 },
  { timezone: 'America/Argentina/Buenos_Aires', country: 'AR', weight: 4 },
  { timezone: 'Asia/Tokyo', country: 'JP', weight: 4 },
  { timezone: 'America/Toronto', country: 'CA', weight: 4 },
  { timezone: 'America/Bogota', country: 'CO', weight: 3 },
  { timezone: 'Africa/Johannesburg', country: 'ZA', weight: 2 },
  { timezone: 'Africa/Lagos', country: 'NG', weight: 2 },
  { timezone: 'Australia/Adelaide', country: 'AU', weight: 1 },
  { timezone: 'Pacific/Auckland', country: 'NZ', weight: 1 },
  { timezone: 'America/St_Johns', country: 'CA', weight: 1 },
  { timezone: 'Asia/Kathmandu', country: 'NP', weight: 1 },
  { timezone: 'Pacific/Kiritimati', country: 'KI', weight: 1 },
  { timezone: 'Pacific/Pago_Pago', country: 'AS', weight: 1 },
];
