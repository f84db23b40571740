// A form that a button opened, perhaps far below it: its first field takes the focus.

export function arriving(form: HTMLElement) {
  form.querySelector<HTMLElement>('input:not([hidden]), select, textarea')?.focus();
}
