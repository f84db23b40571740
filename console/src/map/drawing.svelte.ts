// Drawing a shape on the map: clicks, or Space under the cross, set vertices.

import type { Position } from '../api/types';
import type { ShapeKind, VolumeForm } from '../filing/volume.svelte';
import { M_PER_NM } from '../words/lengths';
import { distance_m } from './sphere';

const FEWEST: Record<ShapeKind, number> = { circle: 2, corridor: 2, polygon: 3 };
const USUAL_HALF_WIDTH_M = 2 * M_PER_NM;

class Drawing {
  volume = $state.raw<VolumeForm | null>(null);
  kind = $state<ShapeKind>('polygon');
  points = $state.raw<Position[]>([]);
  /** The shapes of every form in sight, to be seen on the map while they are typed. */
  sketches = $state.raw<VolumeForm[]>([]);

  /** Show a form's shape as long as the form stands; made for an effect. */
  sketch(volume: VolumeForm): () => void {
    this.sketches = [...this.sketches, volume];
    return () => {
      this.sketches = this.sketches.filter((one) => one !== volume);
      if (this.volume === volume) this.cancel();
    };
  }

  get isActive(): boolean {
    return this.volume !== null;
  }

  get canFinish(): boolean {
    return this.points.length >= FEWEST[this.kind];
  }

  get hint(): string {
    const set = this.points.length;
    if (this.kind === 'circle') return set ? 'Now a point on the rim.' : 'Set the centre.';
    const more = FEWEST[this.kind] - set;
    const kind = this.kind === 'polygon' ? 'polygon' : "corridor's centre line";
    return more > 0 ? `Set ${more} more ${more === 1 ? 'vertex' : 'vertices'} of the ${kind}.` : `Set more vertices, or finish the ${kind}.`;
  }

  start(volume: VolumeForm) {
    this.volume = volume;
    this.kind = volume.kind;
    this.points = [];
  }

  add(position: Position) {
    if (!this.isActive) return;
    this.points = [...this.points, position];
    if (this.kind === 'circle' && this.canFinish) this.finish();
  }

  removeLast() {
    this.points = this.points.slice(0, -1);
  }

  finish() {
    const { volume, points } = this;
    if (!volume || !this.canFinish) return;
    if (this.kind === 'circle') {
      volume.setPositions(points.slice(0, 1));
      volume.setWidth(tenthsOfNm(distance_m(points[0]!, points[1]!)));
    } else {
      volume.setPositions(points);
      if (this.kind === 'corridor' && !volume.width_m) volume.setWidth(USUAL_HALF_WIDTH_M);
    }
    this.cancel();
  }

  cancel() {
    this.volume = null;
    this.points = [];
  }
}

/** Up to the next tenth of a mile: a drawn circle is never smaller than it looked. */
const tenthsOfNm = (length_m: number) => (Math.max(1, Math.ceil((length_m / M_PER_NM) * 10)) / 10) * M_PER_NM;

export const drawing = new Drawing();
