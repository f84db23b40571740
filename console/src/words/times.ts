// Times in the words people read. All are UTC.

import type { Window } from '../api/types';

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

const two = (value: number) => String(value).padStart(2, '0');

/** Milliseconds of a time as the node writes it. */
export const msOf = (at: string) => Date.parse(at);

/** Day, hour and minute: 151300Z. */
export function dayTime(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCDate())}${two(at.getUTCHours())}${two(at.getUTCMinutes())}Z`;
}

/** The whole date-time group: 151300ZSEP15. */
export function dateTimeGroup(ms: number): string {
  const at = new Date(ms);
  return `${dayTime(ms)}${MONTHS[at.getUTCMonth()]}${two(at.getUTCFullYear() % 100)}`;
}

/** The clock of the status strip: 15 SEP 2015 13:00:07Z. */
export function clockWords(ms: number): { day: string; time: string } {
  const at = new Date(ms);
  return {
    day: `${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`,
    time: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}Z`,
  };
}

/** A window: "151300Z to 151430Z", with the month where it is not one and the same. */
export function spanWords(window: Window): string {
  const [start, end] = [msOf(window.start), msOf(window.end)];
  const inOneMonth = window.start.slice(0, 7) === window.end.slice(0, 7);
  return inOneMonth
    ? `${dayTime(start)} to ${dayTime(end)}`
    : `${dateTimeGroup(start)} to ${dateTimeGroup(end)}`;
}

/** A length of time: "14 min", "2 h 05 min", "3 d 4 h", "40 s"; the sign is dropped. */
export function durationWords(duration_s: number): string {
  const seconds = Math.round(Math.abs(duration_s));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days) return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
  if (hours) return minutes % 60 ? `${hours} h ${two(minutes % 60)} min` : `${hours} h`;
  if (minutes) return seconds % 60 ? `${minutes} min ${two(seconds % 60)} s` : `${minutes} min`;
  return `${seconds} s`;
}

/** A long silence: "12 to 36 months", "3 d"; what is shorter than a day in hours and minutes. */
export function silenceWords(at_least_s: number, at_most_s: number): string {
  const [least, most] = [silenceOf(at_least_s), silenceOf(at_most_s)];
  if (least === most) return least;
  const [amount, unit] = [least.replace(/ \D+$/, ''), least.replace(/^\S+ /, '')];
  return most.endsWith(` ${unit}`) && !amount.includes(' ') ? `${amount} to ${most}` : `${least} to ${most}`;
}

function silenceOf(span_s: number): string {
  const days = Math.floor(span_s / 86_400);
  if (days > 60) return `${Math.floor(days / 30.44)} months`;
  return days ? `${days} d` : durationWords(Math.floor(span_s / 60) * 60);
}

/** An age, rounded up to whole minutes; a negative one lies in the future. */
export function ageWords(age_s: number): string {
  const words = durationWords(Math.ceil(Math.abs(age_s) / 60 - 1e-9) * 60);
  return age_s >= 0 ? `${words} ago` : `${words} in the future`;
}

/** A distance in time: how long both are live, or how long apart. */
export function timeGapWords(time_s: number): string {
  if (time_s < 0) return `both live for ${durationWords(Math.ceil(-time_s))}`;
  if (time_s === 0) return 'one starts as the other ends';
  return `${durationWords(Math.floor(time_s))} apart`;
}
