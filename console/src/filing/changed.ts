// Volumes with one suggested change taken. The node checks the result anew: what is moved here
// is only proposed.

import type { Footprint, Position, Suggestion, Volume } from '../api/types';
import { destination } from '../map/sphere';
import { msOf } from '../words/times';

export function changed(volumes: Volume[], suggestion: Suggestion): Volume[] {
  switch (suggestion.kind) {
    case 'time':
      return volumes.map((volume) => ({
        ...volume,
        start: later(volume.start, suggestion.time_s),
        end: later(volume.end, suggestion.time_s),
      }));
    case 'altitude':
      return volumes.map((volume) => ({
        ...volume,
        lower: { ...volume.lower, value_m: volume.lower.value_m + suggestion.vertical_m },
        upper: { ...volume.upper, value_m: volume.upper.value_m + suggestion.vertical_m },
      }));
    case 'lateral': {
      const { bearing_deg, lateral_m } = suggestion;
      const move = (position: Position) => destination(position, bearing_deg, lateral_m);
      return volumes.map((volume) => ({ ...volume, footprint: moved(volume.footprint, move) }));
    }
  }
}

const later = (at: string, by_s: number) => isoText(msOf(at) + by_s * 1000);

/** A time as the node writes it: whole seconds where it is whole seconds. */
export const isoText = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

function moved(footprint: Footprint, move: (position: Position) => Position): Footprint {
  switch (footprint.kind) {
    case 'circle':
      return { ...footprint, centre: move(footprint.centre) };
    case 'corridor':
      return { ...footprint, centreline: footprint.centreline.map(move) };
    case 'polygon':
      return { ...footprint, rings: footprint.rings.map((ring) => ring.map(move)) };
  }
}
