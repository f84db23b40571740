// How this person likes the screen; kept in the browser, never sent.

export type Colours = 'night' | 'dusk' | 'day';
const ALL_COLOURS: Colours[] = ['night', 'dusk', 'day'];
const KEPT_AS = 'keepclear.settings';

class Settings {
  colours = $state<Colours>('night');
  showsBorders = $state(true);
  showsPlaces = $state(true);
  showsLabels = $state(true);
  hasSingleKeys = $state(true);
  /** As what whoever sits here is on duty: stands beside every act on the line. */
  role = $state('duty officer');

  /** Read what was kept, and keep every change from now on; called once, inside an effect root. */
  start() {
    try {
      Object.assign(this, cleaned(JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}')));
    } catch {
      // Nothing kept, or not ours: the usual settings hold.
    }
    $effect(() => {
      const { colours, showsBorders, showsPlaces, showsLabels, hasSingleKeys, role } = this;
      const kept = { colours, showsBorders, showsPlaces, showsLabels, hasSingleKeys, role };
      localStorage.setItem(KEPT_AS, JSON.stringify(kept));
      document.documentElement.dataset['colours'] = colours;
    });
  }

  nextColours() {
    const next = (ALL_COLOURS.indexOf(this.colours) + 1) % ALL_COLOURS.length;
    this.colours = ALL_COLOURS[next] ?? 'night';
  }
}

function cleaned(kept: Record<string, unknown>): Partial<Settings> {
  const names = ['showsBorders', 'showsPlaces', 'showsLabels', 'hasSingleKeys'];
  const known = Object.entries(kept).filter(
    ([name, value]) =>
      (names.includes(name) && typeof value === 'boolean') ||
      (name === 'role' && typeof value === 'string' && value !== '') ||
      (name === 'colours' && ALL_COLOURS.includes(value as Colours)),
  );
  return Object.fromEntries(known);
}

export const settings = new Settings();
