/** `12,345`, of a whole number. Not by `Intl`, whose first number takes 25 ms. */
export const withCommas = (whole: number): string => String(whole).replace(/\B(?=(?:\d{3})+$)/g, ',');
