// The map itself: MapLibre made, fed and asked. Knows nothing of the page around it.

import { Map as MapPicture, NavigationControl, ScaleControl, setWorkerUrl, type FilterSpecification, type GeoJSONSource, type MapMouseEvent } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { FeatureCollection } from 'geojson';
import type { Position } from '../api/types';
import type { Bounds } from './features';
import { setIcons } from './icons';
import { DRAWN, layersOf, paletteOf, styleOf } from './style';

export interface Hit {
  kind: string;
  id: string;
  conflict_id?: string;
}

const HIT_LAYERS = ['marks', 'labels', 'operation-fill', 'operation-0', 'operation-1', 'operation-2', 'operation-3', 'learnt-labels', 'learnt-fill', 'boundary', 'ring', 'zone-fill', 'airspace-labels'];
const NEAR_PX = 5;

export class Chart {
  readonly #map: MapPicture;
  readonly #waiting = new Map<string, FeatureCollection>();
  #isReady = false;

  constructor(container: HTMLElement, onclick: (at: Position, hits: Hit[]) => void, onready: () => void) {
    setWorkerUrl(workerUrl);
    this.#map = new MapPicture({
      container,
      style: styleOf(paletteOf(container)),
      center: [36, 36],
      zoom: 4,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      locale: { 'Map.Title': 'Map; everything on it stands in the lists too' },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#map.addControl(new ScaleControl({ unit: 'nautical', maxWidth: 140 }), 'bottom-left');
    this.#map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 140 }), 'bottom-left');
    this.#map.on('style.load', () => {
      setIcons(this.#map, paletteOf(container));
      this.#isReady = true;
      for (const [name, data] of this.#waiting) this.set(name, data);
      onready();
    });
    this.#map.on('click', (event) => onclick(positionAt(event), this.#hits(event)));
    const count = (layer: string) => String(this.#map.queryRenderedFeatures({ layers: [layer] }).length);
    this.#map.on('idle', () => {
      container.dataset['drawn'] = count('operation-fill');
      container.dataset['learnt'] = count('learnt-fill');
    });
  }

  get canvas(): HTMLCanvasElement {
    return this.#map.getCanvas();
  }

  get centre(): Position {
    const { lat, lng } = this.#map.getCenter().wrap();
    return { latitude_deg: lat, longitude_deg: lng };
  }

  set(name: (typeof DRAWN)[number] | string, data: FeatureCollection) {
    if (this.#isReady) void this.#map.getSource<GeoJSONSource>(name)?.setData(data);
    else this.#waiting.set(name, data);
  }

  choose(ids: string[]) {
    if (!this.#isReady) return;
    const isChosen: FilterSpecification = ['in', ['get', 'id'], ['literal', ids]];
    this.#map.setFilter('labels', ['!', isChosen]);
    for (const layer of ['chosen', 'chosen-fill', 'chosen-airspace', 'chosen-learnt', 'chosen-labels']) {
      this.#map.setFilter(layer, isChosen);
    }
  }

  show(layers: string[], isShown: boolean) {
    if (!this.#isReady) return;
    for (const layer of layers) this.#map.setLayoutProperty(layer, 'visibility', isShown ? 'visible' : 'none');
  }

  recolour() {
    if (!this.#isReady) return;
    const colours = paletteOf(this.#map.getContainer());
    setIcons(this.#map, colours);
    for (const layer of layersOf(colours)) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) {
        this.#map.setPaintProperty(layer.id, name as never, value as never);
      }
    }
  }

  /** Go to a box, unless it already stands well in sight. */
  go(bounds: Bounds, isAlways = false) {
    const seen = this.#map.getBounds();
    const [width, room] = [bounds.east - bounds.west, seen.getEast() - seen.getWest()];
    const isInside = seen.contains([bounds.west, bounds.south]) && seen.contains([bounds.east, bounds.north]);
    if (!isAlways && isInside && width > room / 6) return;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#map.fitBounds([bounds.west, bounds.south, bounds.east, bounds.north], {
      padding: Math.min(60, this.canvas.clientWidth / 8, this.canvas.clientHeight / 8),
      maxZoom: 10,
      animate: !isAlways && !isCalm,
      duration: 300,
    });
  }

  resize() {
    this.#map.resize();
  }

  remove() {
    this.#map.remove();
  }

  #hits(event: MapMouseEvent): Hit[] {
    const { x, y } = event.point;
    const found = this.#map.queryRenderedFeatures([[x - NEAR_PX, y - NEAR_PX], [x + NEAR_PX, y + NEAR_PX]], { layers: HIT_LAYERS });
    return found.map((one) => one.properties as Hit);
  }
}

const positionAt = (event: MapMouseEvent): Position => {
  const { lat, lng } = event.lngLat.wrap();
  return { latitude_deg: lat, longitude_deg: lng };
};
